"""`careline teams`: the app package that Microsoft Teams installs."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.cli.context import fail, settings_of
from bot.domain.errors import BadRequest, SettingsError
from bot.settings import Settings, teams_app_of
from channels.teams.package import packed

app = typer.Typer(help="Microsoft Teams.", no_args_is_help=True)


@app.callback()
def teams() -> None:
    """Microsoft Teams."""


@app.command("package", help="Write the app package to upload to Teams.")
def package(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("careline-teams.zip"),
    name: Annotated[str, typer.Option(help="What the bot is called in Teams.")] = "Careline",
    developer: Annotated[str, typer.Option(help="Who runs it.")] = "Careline",
    privacy_url: Annotated[str | None, typer.Option(help="Your privacy statement.")] = None,
    terms_url: Annotated[str | None, typer.Option(help="Your terms of use.")] = None,
) -> None:
    settings = settings_of(context)
    values = _values(settings, name=name, developer=developer)
    public = values["public_url"]
    more = {"privacy_url": privacy_url or public, "terms_url": terms_url or public}
    try:
        out.write_bytes(packed(values | more))
    except OSError as exc:
        fail(BadRequest(f"--out: {exc.filename or out}: {exc.strerror}; name another file"))
    typer.echo(f"{out} is ready: upload it in Teams (Apps, Manage your apps, Upload an app).")


def _values(settings: Settings, *, name: str, developer: str) -> dict[str, str]:
    try:
        config = teams_app_of(settings)
    except SettingsError as exc:
        fail(exc)
    if config is None:
        fail(
            BadRequest(
                "Teams is not set up: set TEAMS_APP_ID, TEAMS_APP_PASSWORD and TEAMS_TENANT_ID"
            )
        )
    public = (settings.server.public_url or "").rstrip("/")
    if not public.startswith("https://"):
        fail(BadRequest("server.public_url: Teams wants your https:// address; set it first"))
    if not name.strip() or not developer.strip():
        fail(BadRequest("--name and --developer must not be empty"))
    return {
        "app_id": config.app_id,
        "name": name.strip(),
        "developer": developer.strip(),
        "public_url": public,
        "domain": urlsplit(public).netloc,
    }

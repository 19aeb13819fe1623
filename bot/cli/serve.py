"""`careline serve`, `web` and `work`: running the product, whole or in parts."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import typer

from bot.cli.context import run, settings_of
from bot.cli.first_run import prepare
from bot.cli.links import base_url
from bot.cli.reach import reached
from bot.domain.contact import Person
from bot.domain.errors import Unavailable
from bot.domain.ports import Writer
from bot.main import build
from bot.platforms import Extra
from bot.running import Kind
from bot.running import run as run_app
from bot.settings import Settings, teams_app_of
from bot.storage import Storage

LINK_VALID = timedelta(hours=1)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(help="Run everything: web chat, desk and the work behind them.")(serve)
    app.command(help="Run the door only: web chat, desk, webhooks.")(web)
    app.command(help="Run the work only: as many of them as you like.")(work)


def serve(context: typer.Context) -> None:
    settings = settings_of(context)
    run(partial(main, settings, "serve"))


def web(context: typer.Context) -> None:
    settings = settings_of(context)
    run(partial(main, settings, "web"))


def work(context: typer.Context) -> None:
    settings = settings_of(context)
    run(partial(main, settings, "work"))


async def main(
    settings: Settings,
    kind: Kind,
    *,
    writer: Writer | None = None,
    extras: Sequence[Extra] = (),
) -> None:
    """Run one process of the product until it is told to stop."""
    teams_app_of(settings)  # what is missing is told before anything is opened
    async with reached(settings, kind) as storage:
        thinks = kind != "web"
        if thinks:
            await prepare(storage)
        async with build(storage, thinks=thinks, writer=writer, extras=extras) as app:
            await run_app(app, kind, partial(_announce, storage, kind))


async def _announce(storage: Storage, kind: Kind, port: int) -> None:
    if kind == "work":
        typer.echo("Careline works.")
        return
    base = base_url(storage.settings, port)
    typer.echo("\nCareline is ready.")
    typer.echo(f"  Web chat   {base}/chat")
    for line in await _desk(storage, base):
        typer.echo(line)
    typer.echo("Stop with Ctrl-C.\n")


async def _desk(storage: Storage, base: str) -> list[str]:
    """How to reach the desk; a database that is away for a moment costs the link alone."""
    try:
        token = await _owners_token(storage)
    except Unavailable:
        return [
            f"  Web desk   {base}/desk",
            "             (the database is away just now; for a link: careline staff link owner)",
        ]
    if token is None:
        return [f"  Web desk   {base}/desk"]
    return [
        f"  Web desk   {base}/desk/login?token={token}",
        "             (signs you in once, within an hour; again: careline staff link owner)",
    ]


async def _owners_token(storage: Storage) -> str | None:
    """On the embedded database there is always an owner, who signs in by the printed link."""
    if storage.settings.database.url is not None:
        return None
    if all(person.id != "owner" for person in await storage.staff.people()):
        owner = Person(id="owner", name="Owner", rights=("handle", "operate"))
        await storage.staff.put(owner)
    return await storage.staff.link("owner", valid=LINK_VALID)

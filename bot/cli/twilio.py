"""`careline twilio setup`: has Twilio call us, makes the templates, shows first what changes."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import fail, run, settings_of
from bot.domain.errors import BadRequest, ChannelError, Refused, SettingsError
from bot.settings import lines_of, twilio_of

if TYPE_CHECKING:
    from channels.twilio.section import TwilioConfig
    from channels.twilio.setup import Plan

app = typer.Typer(help="WhatsApp and SMS through Twilio.", no_args_is_help=True)


@app.callback()
def twilio() -> None:
    """WhatsApp and SMS through Twilio."""


@app.command("setup", help="Set webhooks and make templates in your Twilio account.")
def setup(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Change it without asking.")] = False,
) -> None:
    settings = settings_of(context)
    try:
        config = twilio_of(settings)
    except SettingsError as exc:
        fail(exc)
    if config is None:
        fail(BadRequest("Twilio is not set up: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"))
    addresses = [one for line in lines_of(settings) for one in line.addresses]
    run(partial(_setup, config, addresses, yes=yes))


async def _setup(config: "TwilioConfig", addresses: list[str], *, yes: bool) -> None:
    from channels.twilio.posting import TwilioApi  # noqa: PLC0415  heavy
    from channels.twilio.setup import plan  # noqa: PLC0415  heavy

    api = TwilioApi(config)
    try:
        found = await plan(api, config, addresses)
        if found.faults:
            raise SettingsError(found.faults)
        await _carry_out(found, yes=yes)
    except ChannelError as exc:
        raise SettingsError([_why(exc)]) from exc
    finally:
        await api.close()


async def _carry_out(found: "Plan", *, yes: bool) -> None:
    for change in found.changes:
        for line in change.lines():
            typer.echo(line)
    if not found.changes:
        typer.echo("There is nothing to change.")
    elif yes or typer.confirm("Change this in your Twilio account?"):
        for change in found.changes:
            await change.act()
        typer.echo(f"Changed: {len(found.changes)}.")
    else:
        typer.echo("Nothing was changed.")
    for waiting in found.waiting:
        typer.echo(f"! {waiting}")


def _why(exc: ChannelError) -> str:
    if isinstance(exc, Refused):
        return f"channels.twilio: {exc.reason}. {exc.remedy or ''}".strip()
    return "channels.twilio: Twilio cannot be reached just now; try again in a moment"

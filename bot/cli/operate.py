"""`careline parked`, `lines`, `check` and `keys`: what an operator does at a running product."""

import base64
import json
import secrets
from functools import partial
from typing import Annotated

import typer

from bot.cli.checking import look
from bot.cli.context import fail, run, settings_of
from bot.core.lines import Lines
from bot.domain.errors import BadRequest, SettingsError
from bot.domain.line import Line, Mode
from bot.domain.ports import Job, ParkedEvent
from bot.settings import Settings, lines_of
from bot.storage import open_storage

parked = typer.Typer(help="Events set aside after too many failures.", no_args_is_help=True)
lines = typer.Typer(help="Lines and their modes.", no_args_is_help=True)
MODES: dict[str, Mode] = {"off": "off", "shadow": "shadow", "share": "share", "on": "on"}


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(help="Look for everything that is wrong, and say what to do about it.")(check)
    app.command(help="Print a fresh key ring for CARELINE_KEYS.")(keys)


@parked.command("list", help="What is parked: ids, channels, errors; never words.")
def parked_list(context: typer.Context) -> None:
    found = run(partial(_parked, settings_of(context)))
    for event in found:
        when = event.received_at.isoformat(timespec="seconds")
        typer.echo(
            f"{event.id:8} {when} {event.channel:8} {event.error:24} "
            f"tries={event.tries} trace={event.trace}"
        )
    if not found:
        typer.echo("Nothing is parked.")


@parked.command(help="Try a parked event again.")
def retry(context: typer.Context, event: int) -> None:
    if not run(partial(_retry, settings_of(context), event)):
        fail(BadRequest(f"no event {event} is parked"), code=1)
    typer.echo(f"Event {event} is being tried again.")


@parked.command(help="Forget a parked event for good.")
def drop(context: typer.Context, event: int) -> None:
    if not run(partial(_drop, settings_of(context), event)):
        fail(BadRequest(f"no event {event} is parked"), code=1)
    typer.echo(f"Event {event} is dropped.")


@lines.command("list", help="Every line and its present mode.")
def lines_list(context: typer.Context) -> None:
    for line in run(partial(_lines, settings_of(context))):
        typer.echo(f"{line.name:16} {line.mode:7} kb={line.kb} {', '.join(line.addresses)}")


@lines.command("set", help="Switch a line: off, shadow, share or on; takes effect at once.")
def lines_set(context: typer.Context, line: str, mode: str) -> None:
    settings = settings_of(context)
    if line not in settings.lines:
        fail(SettingsError([f"there is no line {line}"]))
    wanted = MODES.get(mode)
    if wanted is None:
        fail(SettingsError([f"{mode}: a mode is one of {', '.join(MODES)}"]))
    run(partial(_switch, settings, line, wanted))
    typer.echo(f"{line} is {mode}.")


def check(context: typer.Context) -> None:
    settings = settings_of(context)
    found = run(partial(look, settings))
    for warning in found.warnings:
        typer.echo(f"! {warning}")
    for fault in found.faults:
        typer.echo(f"✗ {fault}")
    if found.unseen:
        fail(SettingsError(found.unseen))
    if found.faults:
        raise typer.Exit(1)
    typer.echo("✓ everything is set up")


def keys(
    number: Annotated[int, typer.Option(min=1, max=255, help="The number of the key.")] = 1,
) -> None:
    ring = {
        "pepper": base64.b64encode(secrets.token_bytes(32)).decode(),
        "keys": {str(number): base64.b64encode(secrets.token_bytes(32)).decode()},
    }
    typer.echo(json.dumps(ring))


async def _parked(settings: Settings) -> tuple[ParkedEvent, ...]:
    async with open_storage(settings) as storage, storage.store.transaction() as transaction:
        return await transaction.events.parked()


async def _retry(settings: Settings, event: int) -> bool:
    async with open_storage(settings) as storage, storage.store.transaction() as transaction:
        room = await transaction.events.unpark(event)
        if room is not None:
            await transaction.later(Job(kind="handle", room=room))
        return room is not None


async def _drop(settings: Settings, event: int) -> bool:
    async with open_storage(settings) as storage, storage.store.transaction() as transaction:
        return await transaction.events.drop(event)


async def _lines(settings: Settings) -> tuple[Line, ...]:
    async with open_storage(settings) as storage:
        known = Lines(lines_of(settings))
        known.switch(await storage.modes.all())
        return known.all()


async def _switch(settings: Settings, line: str, mode: Mode) -> None:
    async with open_storage(settings) as storage:
        await storage.modes.switch(line, mode, by="command line")

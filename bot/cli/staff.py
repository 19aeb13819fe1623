"""`careline staff`: who may sit at the desk, and how they sign in."""

import re
from datetime import timedelta
from functools import partial
from typing import Annotated

import typer

from bot.cli.context import fail, run, settings_of
from bot.cli.links import base_url
from bot.domain.contact import Person
from bot.domain.errors import BadRequest
from bot.domain.message import Address
from bot.settings import Settings
from bot.storage import open_storage

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
NOT_A_LOGIN = (
    "LOGIN: a login is kept unsealed, so it is a short name and no e-mail address: a letter or "
    "digit, then up to 63 of a-z, 0-9, dot, dash and underscore (--email is sealed, and signs in "
    "as well)"
)

app = typer.Typer(help="Staff and their sign-in.", no_args_is_help=True)


@app.command(help="Add or change somebody; asks for a password with --password.")
def add(  # noqa: PLR0913, PLR0917  one argument per option
    context: typer.Context,
    login: Annotated[str, typer.Argument(help="A short name to sign in with.")],
    name: Annotated[str, typer.Option(help="The name customers see.")],
    email: Annotated[str | None, typer.Option(help="May be used to sign in as well.")] = None,
    phone: Annotated[
        str | None, typer.Option(help="For an SMS when on call, as +4930123456.")
    ] = None,
    address: Annotated[
        list[str] | None,
        typer.Option(help="Where to call them, as channel:account:room; repeat it."),
    ] = None,
    alias: Annotated[
        list[str] | None, typer.Option(help="Another name that calendars use; repeat it.")
    ] = None,
    line: Annotated[list[str] | None, typer.Option(help="A line; repeat; all without.")] = None,
    operator: Annotated[bool, typer.Option("--operator", help="May switch lines.")] = False,
    password: Annotated[bool, typer.Option("--password", help="Ask for a password.")] = False,
) -> None:
    if not LOGIN.fullmatch(login):
        fail(BadRequest(NOT_A_LOGIN))
    settings = settings_of(context)
    secret = (
        typer.prompt("Password", hide_input=True, confirmation_prompt=True) if password else None
    )
    person = Person(
        id=login,
        name=name,
        email=email,
        phone=phone,
        addresses=tuple(address_of(given) for given in address or ()),
        aliases=tuple(alias or ()),
        lines=tuple(line) if line else ("*",),
        rights=("handle", "operate") if operator else ("handle",),
    )
    run(partial(_put, settings, person, secret))
    typer.echo(f"{login} may sign in at the desk.")


def address_of(given: str) -> Address:
    """As in slack:T0123:U0456; anything else ends the command."""
    channel, _, rest = given.partition(":")
    account, _, room = rest.partition(":")
    if not (channel and account and room):
        fail(BadRequest(f"{given}: an address is channel:account:room, as slack:T0123:U0456"))
    return Address(channel=channel, account=account, room=room)


@app.command(help="Print a one-time sign-in link.")
def link(
    context: typer.Context,
    login: str,
    hours: Annotated[float, typer.Option(min=0.1, max=72, help="How long it is valid.")] = 1,
) -> None:
    settings = settings_of(context)
    token = run(partial(_link, settings, login, timedelta(hours=hours)))
    typer.echo(f"{base_url(settings)}/desk/login?token={token}")


@app.command(help="Take somebody's sign-in away: sessions and links end at once.")
def remove(context: typer.Context, login: str) -> None:
    run(partial(_remove, settings_of(context), login))
    typer.echo(f"{login} may not sign in any more.")


@app.command("list", help="Everybody who may sign in.")
def list_(context: typer.Context) -> None:
    for person in run(partial(_people, settings_of(context))):
        lines = "all lines" if "*" in person.lines else ", ".join(person.lines)
        typer.echo(f"{person.id:16} {person.name:24} {lines}; {', '.join(person.rights)}")


async def _put(settings: Settings, person: Person, password: str | None) -> None:
    async with open_storage(settings) as storage:
        await storage.staff.put(person, password=password)


async def _link(settings: Settings, login: str, valid: timedelta) -> str:
    async with open_storage(settings) as storage:
        return await storage.staff.link(login, valid=valid)


async def _remove(settings: Settings, login: str) -> None:
    async with open_storage(settings) as storage:
        await storage.staff.remove(login)


async def _people(settings: Settings) -> tuple[Person, ...]:
    async with open_storage(settings) as storage:
        return await storage.staff.people()

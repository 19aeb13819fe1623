"""`careline optouts`: what somebody has said of being written to, for whoever answers for it."""

from functools import partial
from typing import Annotated

import typer

from bot.cli.context import fail, run, settings_of
from bot.domain.consent import Consent, Source
from bot.domain.errors import BadRequest
from bot.settings import Settings
from bot.storage import open_storage

CHANNELS = ("sms", "whatsapp")
_HOW: dict[Source, str] = {
    "keyword": "a word that the platform knows",
    "words": "their own words",
    "refused": "the platform refused a message to them",
}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help="Every opt-out of a phone number, when and how, and what holds now.")(optouts)


def optouts(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help="As +14155550101.")],
) -> None:
    if not (number.startswith("+") and number[1:].isdigit()):
        fail(BadRequest(f"{number}: write the number with its country, as +14155550101"))
    found = run(partial(_trails, settings_of(context), number))
    for channel, trail in found.items():
        for one in trail:
            when = one.at.isoformat(timespec="seconds")
            what = "nothing more" if one.stopped else "messages again"
            typer.echo(f"{when}  {channel:8}  {what:14}  by {_HOW[one.source]}")
        if trail:
            holds = "no messages go to them" if trail[-1].stopped else "messages go to them"
            typer.echo(f"{channel}: {holds}")
    if not any(found.values()):
        typer.echo(f"{number} has never opted out.")


async def _trails(settings: Settings, number: str) -> dict[str, tuple[Consent, ...]]:
    async with open_storage(settings) as storage, storage.store.reading() as reading:
        return {channel: await reading.consents.trail(channel, number) for channel in CHANNELS}

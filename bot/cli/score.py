"""`careline score`: how conversations went, by five plain criteria; no words, and nobody's name."""

import json
from functools import partial
from typing import Annotated

import typer

from bot.cli.context import run, settings_of
from bot.cli.outcomes import moment
from bot.domain.results import CRITERIA, FEWEST, FEWEST_PEOPLE, Scored
from bot.settings import Settings
from bot.storage import open_storage


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(help="How conversations went, by line: answered, grounded, polite, …")(score)


def score(
    context: typer.Context,
    since: Annotated[
        str, typer.Option(help="Count from here on: days (30d) or a date (2026-11-01).")
    ] = "30d",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    found = run(partial(_read, settings_of(context), since))
    for scored in found:
        typer.echo(json.dumps(as_object(scored)) if as_json else in_words(scored))
    if not found and not as_json:
        typer.echo("No conversation has been scored in this time.")


def as_object(scored: Scored) -> dict[str, object]:
    """Shares (0 to 1) for programs; null where they are too few, or it is not told of them."""
    shares = {name: share(scored, name) for name in CRITERIA}
    few = not scored.enough()
    many = None if few and scored.party == "people" else scored.conversations
    return {"line": scored.line, "of": scored.party, "conversations": many, "few": few, **shares}


def in_words(scored: Scored) -> str:
    """The same for people."""
    if not scored.enough():
        least = f"{FEWEST} conversations"
        if scored.party == "people":
            least += f" and {FEWEST_PEOPLE} people"
        return f"{scored.line}, {scored.party}: too few to tell (it takes {least})"
    told = ((name, share(scored, name)) for name in CRITERIA)
    shares = ", ".join(f"{name} {100 * part:.1f} %" for name, part in told if part is not None)
    return f"{scored.line}, {scored.party}: {scored.conversations} conversations; {shares}"


def share(scored: Scored, criterion: str) -> float | None:
    """In how many of all it was met; None where they are too few, or it is not told of them."""
    met = scored.met.get(criterion)
    if met is None or not scored.enough():
        return None
    return met / scored.conversations


async def _read(settings: Settings, since: str) -> tuple[Scored, ...]:
    async with open_storage(settings) as storage:
        return await storage.tally.scores(moment(since, storage.clock.now()))

"""`careline outcomes`: how conversations ended, and how content customers were; no words."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated

import typer

from bot.cli.context import run, settings_of
from bot.domain.errors import BadRequest
from bot.domain.results import ENDS, HIGHEST, LOWEST
from bot.settings import Settings
from bot.storage import open_storage

_DAYS = re.compile(r"(\d{1,5})d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Counts of a line since a moment: ends by name, ratings by score."""

    line: str
    ends: Mapping[str, int]
    scores: Mapping[int, int]

    def over(self) -> int:
        """All conversations that are over: the one denominator."""
        return sum(self.ends.values())

    def mean(self) -> float | None:
        """The mean rating; None without any."""
        many = sum(self.scores.values())
        total = sum(score * count for score, count in self.scores.items())
        return total / many if many else None


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(help="How conversations ended, by line, and the ratings after hand-offs.")(outcomes)


def outcomes(
    context: typer.Context,
    since: Annotated[
        str, typer.Option(help="Count from here on: days (30d) or a date (2026-11-01).")
    ] = "30d",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    periods = run(partial(_read, settings_of(context), since))
    for period in periods:
        typer.echo(json.dumps(as_object(period)) if as_json else in_words(period))
    if not periods and not as_json:
        typer.echo("No conversation has ended in this time.")


def moment(text: str, now: datetime) -> datetime:
    """What `--since` means. Raises `BadRequest`."""
    try:
        if days := _DAYS.fullmatch(text):
            return now - timedelta(days=int(days[1]))
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as exc:
        raise BadRequest(
            f"--since {text}: write a number of days (30d) or a date (2026-11-01)"
        ) from exc
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def as_object(period: Period) -> dict[str, object]:
    """One line's counts for programs."""
    return {
        "line": period.line,
        "conversations": period.over(),
        **{end: period.ends.get(end, 0) for end in ENDS},
        "ratings": sum(period.scores.values()),
        "scores": {str(n): period.scores.get(n, 0) for n in range(LOWEST, HIGHEST + 1)},
        "mean": period.mean(),
    }


def in_words(period: Period) -> str:
    """One line's counts for people."""
    over = period.over()
    shares = (f"{end} {n} ({_percent(n, over)})" for end in ENDS for n in [period.ends.get(end, 0)])
    mean, many = period.mean(), sum(period.scores.values())
    rated = f"CSAT {mean:.2f} of {HIGHEST} ({many})" if mean is not None else "CSAT none"
    return f"{period.line}: {over} conversations; {', '.join(shares)}; {rated}"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


async def _read(settings: Settings, since: str) -> tuple[Period, ...]:
    async with open_storage(settings) as storage:
        start = moment(since, storage.clock.now())
        ends, ratings = await storage.tally.endings(start), await storage.tally.ratings(start)
    lines = sorted({line for line, _ in (*ends, *ratings)})
    return tuple(
        Period(
            line=line,
            ends={end: count for (of, end), count in ends.items() if of == line},
            scores={score: count for (of, score), count in ratings.items() if of == line},
        )
        for line in lines
    )

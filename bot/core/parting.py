"""A person leaves a conversation: boundary with a summary, the question how it was, the timers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import csat
from bot.core.outcomes import reopen_closes
from bot.core.speech import Speaker
from bot.domain.conversation import Conversation, Entry, Outcome, as_they_stand
from bot.domain.line import Line
from bot.domain.message import Text

_LINE_CHARS = 200
_EXTRACTED = "Summary (the first and the last words of each side, as they were written):"


def parted(
    outcome: Outcome, line: Line | None, history: Sequence[Entry], speak: Speaker, now: datetime
) -> Outcome:
    """An outcome that ends a talk with a person, with everything that follows from that.

    `history` is what was said up to now, oldest first. The bot's context starts after the marker.
    """
    left = outcome.conversation
    outcome = replace(outcome, notes=(*outcome.notes, boundary(left, history, now)))
    if left.holder != "closed":
        return outcome
    outcome = replace(outcome, later=(*outcome.later, reopen_closes(left, line, now)))
    return csat.asked(outcome, line, speak, now)


def boundary(left: Conversation, history: Sequence[Entry], now: datetime) -> Entry:
    """The marker after which the bot's context starts, with what it leaves behind in short."""
    return Entry(
        key=f"boundary:{left.id}:{left.version}",
        kind="marker",
        author="system",
        parts=(Text(text=summary(history)),),
        at=now,
    )


def summary(history: Sequence[Entry]) -> str:
    """The words of others, extracted and not rewritten: it says so."""
    lines = []
    stands = [
        entry
        for entry in as_they_stand(history)
        if entry.kind == "said" and entry.changed != "deleted" and entry.text().strip()
    ]
    for author, title in (("customer", "Customer"), ("staff", "Staff")):
        said = [entry for entry in stands if entry.author == author]
        ends = dict.fromkeys((said[0], said[-1])) if said else ()
        lines += [f"{e.name or title}: {_short(e.text())}" for e in ends]
    return "\n".join((_EXTRACTED, *lines)) if lines else "Nothing was said in words."


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= _LINE_CHARS else plain[: _LINE_CHARS - 1] + "…"

"""The conversation score: five plain questions about a talk that is over, from its transcript.

No model judges: each criterion is something that the transcript shows. `deploy/README.md` has the
same definitions. People are scored together, only where their line allows it, and never by name.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.core.words import CATALOGUE, ENGLISH
from bot.domain.conversation import Conversation, Entry, as_they_stand
from bot.domain.line import Line
from bot.domain.message import Sources
from bot.domain.results import Score

ANSWER_WITHIN = timedelta(seconds=10)
"""From a customer's question to the bot's words."""
_SAYS_ANSWER = ("answer", "answer_waiting")
_ASKS = (*_SAYS_ANSWER, "choices", "composing", "unknown", "rejected", "handoff_unknowns")
_CALLS = "handoff_"


def scores_of(
    held: Conversation, line: Line | None, transcript: Sequence[Entry], now: datetime
) -> tuple[Score, ...]:
    """The scores of a conversation that is over: the bot's, and people's where they may be."""
    said = tuple(entry for entry in as_they_stand(transcript) if entry.kind == "said")
    scores = (_of_bot(held, said, now), _of_people(held, line, said, now))
    return tuple(score for score in scores if score is not None)


def _of_bot(held: Conversation, said: Sequence[Entry], now: datetime) -> Score | None:
    """None where nothing was asked of the bot."""
    asked = list(_asked(said))
    if not asked:
        return None
    return Score(
        conversation=held.id,
        line=held.line,
        party="bot",
        at=now,
        answered=_is_answered(*asked[-1]),
        grounded=all(_cites(after) for one, after in asked if one.decision in _SAYS_ANSWER),
        polite=not _repeats(said),
        timely=all(_in_time(one, after) for one, after in asked),
        disclosed=_discloses(said),
    )


def _asked(said: Sequence[Entry]) -> Iterator[tuple[Entry, Sequence[Entry]]]:
    """Each thing that was asked of the bot, and what it said before the customer's next words."""
    customers = [place for place, entry in enumerate(said) if entry.author == "customer"]
    for place, end in zip(customers, (*customers[1:], len(said)), strict=True):
        decision, after = said[place].decision or "", said[place + 1 : end]
        beside = decision.startswith(_CALLS) and _cites(after)
        if decision in _ASKS or beside:
            yield said[place], after


def _is_answered(one: Entry, after: Sequence[Entry]) -> bool:
    return one.decision in _SAYS_ANSWER or _cites(after)


def _cites(after: Sequence[Entry]) -> bool:
    return any(
        isinstance(part, Sources)
        for entry in after
        if entry.author == "bot"
        for part in entry.parts
    )


def _in_time(one: Entry, after: Sequence[Entry]) -> bool:
    """Words of the product count, whoever's; that nothing was said at all is not in time."""
    first = next((entry for entry in after if entry.author in ("bot", "system")), None)
    return first is not None and first.at - (one.sent_at or one.at) <= ANSWER_WITHIN


def _repeats(said: Sequence[Entry]) -> bool:
    """Whether two messages of the customer in a row got the very same words."""
    before: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    for entry in said:
        if entry.author == "customer":
            before, now = now, ()
        elif entry.author == "bot" and entry.text():
            now = (*now, entry.text())
            if entry.text() in before:
                return True
    return False


def _discloses(said: Sequence[Entry]) -> bool:
    """Whether the first words to the customer said that an assistant speaks."""
    first = next((entry for entry in said if entry.author != "customer"), None)
    hellos = (words.get("greeting", ENGLISH["greeting"]) for words in CATALOGUE.values())
    starts = (hello.split("{title}")[0] for hello in (ENGLISH["greeting"], *hellos))
    return first is not None and first.text().startswith(tuple(starts))


def _of_people(
    held: Conversation, line: Line | None, said: Sequence[Entry], now: datetime
) -> Score | None:
    """None where the line does not allow it, where nobody was asked for, or no longer wanted."""
    if line is None or not line.scores_people or line.audience == "employees":
        return None
    called = next((entry for entry in said if (entry.decision or "").startswith(_CALLS)), None)
    replies = [entry for entry in said if entry.author == "staff"]
    taken_back = any(entry.decision == "cancelled" for entry in said)
    if called is None or (taken_back and not replies):
        return None
    waited = replies[0].at - (called.sent_at or called.at) if replies else None
    return Score(
        conversation=held.id,
        line=held.line,
        party="people",
        at=now,
        answered=bool(replies),
        timely=waited is not None and waited <= line.expected_wait,
    )

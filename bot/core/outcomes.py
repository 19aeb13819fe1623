"""How conversations end: each as exactly one of four, decided once it can no longer be reopened.

- **escalated**: a person was asked for at some time (by the customer, a rule, a fault, the line's
  mode), whatever became of it.
- **confirmed**: only the bot was there, it answered the last thing that was asked, and the
  customer then said so (thanks, yes, "that works").
- **assumed**: only the bot was there, it answered the last thing that was asked, and the customer
  said nothing more until the reopen window closed.
- **abandoned**: all others: the last thing that was asked had no answer (unknown, choices that
  nobody pressed), or nothing was asked at all.

The first that fits is it, in this order. The denominator is all conversations that are over. How
content people were (CSAT) is asked after hand-offs only, so it never moves a conversation.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from bot.core.courtesy import Courtesy, courtesy
from bot.core.scoring import scores_of
from bot.domain.conversation import Conversation, Entry, Outcome, Timer
from bot.domain.line import Line
from bot.domain.message import Sources
from bot.domain.results import End, Ending, Result
from bot.domain.transitions import advance

_ANSWERED = ("answer", "answer_waiting")
_SAYS_SO: tuple[Courtesy, ...] = ("thanks", "fine", "yes")
_ASKS_NOTHING = (
    "quiet", "csat", "csat_over", "relayed", "cancelled", "ended", "edited", "deleted", "callback",
    "opted_out", "opted_in",
)  # fmt: skip
_REOPENS = timedelta(hours=24)
_SILENCE = timedelta(hours=24)
"""For conversations of a line that has left the settings."""


def end_of(conversation: Conversation, said: Sequence[Entry]) -> End:
    """How it ended, by its transcript from the first line on."""
    if conversation.escalated or conversation.handoff is not None:
        return "escalated"
    end: End = "abandoned"
    for place, entry in enumerate(said):
        if entry.author != "customer" or entry.decision in _ASKS_NOTHING:
            continue
        if entry.decision == "courtesy":
            if end == "assumed" and courtesy(entry.text()) in _SAYS_SO:
                end = "confirmed"
        else:
            end = "assumed" if _answered(entry, said[place + 1 :]) else "abandoned"
    return end


def _answered(entry: Entry, after: Sequence[Entry]) -> bool:
    """Whether it was answered at once, or with a source by what was composed for it."""
    if entry.decision in _ANSWERED:
        return True
    if entry.decision != "composing":
        return False
    for other in after:
        if other.author == "customer":
            return False
        if other.author == "bot" and any(isinstance(part, Sources) for part in other.parts):
            return True
    return False


def silence(conversation: Conversation, line: Line | None, now: datetime) -> Timer:
    """When a conversation is looked at whether anybody still talks in it."""
    wait = line.silence if line else _SILENCE
    return _timer("silence", conversation, now + wait)


def reopen_closes(closed: Conversation, line: Line | None, now: datetime) -> Timer:
    """When a closed conversation is over for good."""
    return _timer("reopen_closes", closed, now + (line.reopen_window if line else _REOPENS))


def _timer(kind: Literal["silence", "reopen_closes"], c: Conversation, due_at: datetime) -> Timer:
    return Timer(kind=kind, conversation=c.id, due_at=due_at, version=c.version)


def fallen_silent(held: Conversation, line: Line | None, now: datetime) -> Outcome | None:
    """Close what only the bot held and nobody talks in; look again later at what goes on.

    One row a conversation, looked at when the silence may be over, is all that it costs: a turn
    sets nothing. A conversation that a person holds, is awaited in, or owes
    a call back or a ticket in, goes on, however silent.
    """
    if held.holder == "closed":
        return None
    owed = held.handoff is not None and held.handoff.owes() is not None
    if held.holder != "bot" or owed:
        return Outcome(conversation=held, later=(silence(held, line, now),))
    ended = held.handoff.ended_at if held.handoff else None
    last = max(filter(None, (held.opened_at, held.last_customer_at, ended)))
    due = silence(held, line, last)
    if due.due_at > now:
        return Outcome(conversation=held, later=(due,))
    closed = advance(held, "close", now=now)
    later = (reopen_closes(closed, line, now),)
    return Outcome(conversation=closed, later=later, decision="silent")


def over(
    held: Conversation, line: Line | None, timer: Timer, said: Sequence[Entry], now: datetime
) -> Outcome | None:
    """Write down how a closed conversation went, unless it was reopened since."""
    if held.holder != "closed" or held.version != timer.version or held.end is not None:
        return None
    end = end_of(held, said)
    ending = Ending(conversation=held.id, line=held.line, end=end, at=now)
    results: tuple[Result, ...] = (ending, *scores_of(held, line, said, now))
    return Outcome(conversation=replace(held, end=end), results=results, decision=end)

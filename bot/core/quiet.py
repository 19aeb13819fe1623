"""A claimer who lets the customer wait: reminded first, and then somebody else is called."""

from dataclasses import replace
from datetime import datetime

from bot.core.escalation import card, rung_timer
from bot.core.speech import Speaker
from bot.core.words import minutes
from bot.domain.conversation import Conversation, Entry, Outcome, Timer
from bot.domain.handoff import Handoff
from bot.domain.line import Line
from bot.domain.message import Address, Outbound, Text
from bot.domain.transitions import advance

LAPSE = "lapse"
"""The `ref` of a timer that comes after the reminder."""


def reminder(held: Conversation, line: Line | None, now: datetime) -> tuple[Timer, ...]:
    """The timer of a claimer for whom a customer has begun to wait."""
    if held.holder != "human" or line is None or line.quiet_reminder is None:
        return ()
    return (_timer(held, now + line.quiet_reminder, ""),)


def waits_for_claimer(held: Conversation, line: Line | None, now: datetime) -> Outcome:
    """The customer has written: from the first unanswered words on, they wait for the claimer."""
    handoff = held.handoff
    if held.holder != "human" or handoff is None or handoff.unanswered_since is not None:
        return Outcome(conversation=held)
    waits = replace(held, handoff=replace(handoff, unanswered_since=now))
    return Outcome(conversation=waits, later=reminder(waits, line, now))


def answered(held: Conversation) -> Conversation:
    """The claimer has answered: nobody waits any more, and what helped has done so."""
    if held.handoff is None:
        return held
    return replace(held, handoff=replace(held.handoff, unanswered_since=None, assist=None))


def still_quiet(
    held: Conversation,
    line: Line | None,
    timer: Timer,
    now: datetime,
    *,
    claimer: Address | None = None,
) -> Outcome | None:
    """A timer of the claimer is due: remind, or call somebody else; None when all is well.

    `claimer` is where they are told so, beside the note that the desk shows.
    """
    handoff = held.handoff
    since = handoff.unanswered_since if handoff else None
    if handoff is None or since is None or line is None or line.quiet_reminder is None:
        return None
    if timer.ref == LAPSE:
        return _lapsed(held, handoff, line, now)
    due = since + line.quiet_reminder
    if due > now:  # answered meanwhile, and waiting again
        return Outcome(conversation=held, later=(_timer(held, due, ""),))
    return _reminded(held, handoff, line, now, claimer)


def _reminded(
    held: Conversation, handoff: Handoff, line: Line, now: datetime, claimer: Address | None
) -> Outcome:
    name = handoff.claimed_name or "The claimer"
    since = handoff.unanswered_since or now
    waited = minutes((now - since).total_seconds())
    left = minutes(line.quiet_release.total_seconds())
    words = (
        f"{name}: the customer has been waiting for your answer for {waited}. "
        f"In {left} somebody else will be called."
    )
    key = f"quiet:{handoff.id}:{held.version}:{since.isoformat()}"
    note = Entry(key=key, kind="note", author="system", parts=(Text(text=words),), at=now)
    later = _timer(held, now + line.quiet_release, LAPSE)
    return Outcome(
        conversation=held,
        say=() if claimer is None else (_to_claimer(held, handoff, words, key, claimer),),
        later=(later,),
        notes=(note,),
        decision="reminded",
    )


def _to_claimer(
    held: Conversation, handoff: Handoff, words: str, key: str, to: Address
) -> Outbound:
    """Without any of the customer's words: it may be an address outside of the house."""
    return Outbound(
        key=key,
        address=to,
        parts=(Text(text=words),),
        author="system",
        trace=held.id,
        holder_version=held.version,
        mention=(handoff.claimed_by,) if handoff.claimed_by else (),
    )


def _lapsed(held: Conversation, handoff: Handoff, line: Line, now: datetime) -> Outcome:
    """The ladder begins again; the customer is told once."""
    name = handoff.claimed_name or ""
    waiting = advance(held, "lapse", now=now)
    speak = Speaker(waiting, cause=f"lapse:{handoff.id}:{waiting.version}", trace=held.id)
    words = f"{name} did not answer: the hand-off is waiting for somebody else."
    note = Entry(
        key=f"lapse:{handoff.id}:{waiting.version}",
        kind="note",
        author="system",
        parts=(Text(text=words),),
        at=now,
    )
    return Outcome(
        conversation=waiting,
        say=(speak.words("lapsed", name=name), *card(waiting, line, speak)),
        later=(rung_timer(waiting, now),),
        notes=(note,),
        decision="lapsed",
    )


def _timer(held: Conversation, due_at: datetime, ref: str) -> Timer:
    return Timer(
        kind="reminder", conversation=held.id, due_at=due_at, version=held.version, ref=ref
    )

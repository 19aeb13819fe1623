"""The state machine of who holds a conversation; every cell not listed is a refusal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeAlias

from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Holder
from bot.domain.errors import TransitionRefused
from bot.domain.handoff import Handoff, HandoffOutcome

Act: TypeAlias = Literal[
    "hand_over",  # a rule, a tool, a line's mode or the customer asks for a person
    "claim",
    "take_over",
    "release",
    "lapse",  # the claimer stays quiet after a reminder while the customer waits
    "hand_back",
    "resolve",
    "cancel",  # the customer no longer wants a person
    "exhaust",  # the ladder has no rung left
    "end",  # the customer ends a human stretch
    "close",  # the customer has been silent for long, and only the bot was there
    "reopen",  # the customer writes again within the window
    "fault",  # an event failed too often
]

TABLE: dict[tuple[Holder, Act], Holder] = {
    ("bot", "hand_over"): "waiting",
    ("bot", "fault"): "waiting",
    ("closed", "fault"): "waiting",
    ("waiting", "fault"): "waiting",
    ("human", "fault"): "human",
    ("waiting", "claim"): "human",
    ("waiting", "exhaust"): "bot",
    ("waiting", "cancel"): "bot",
    ("human", "take_over"): "human",
    ("human", "release"): "waiting",
    ("human", "lapse"): "waiting",
    ("human", "hand_back"): "bot",
    ("human", "resolve"): "closed",
    ("human", "end"): "closed",
    ("bot", "close"): "closed",
    ("closed", "reopen"): "bot",
}
"""(holder, act) → next holder. An event that fails does not take a person's conversation away."""

OWNER_ONLY: frozenset[Act] = frozenset({"release", "hand_back", "resolve"})

_ENDS: dict[Act, HandoffOutcome] = {
    "exhaust": "exhausted",
    "cancel": "cancelled",
    "hand_back": "handed_back",
    "resolve": "resolved",
    "end": "customer_ended",
}


def advance(
    conversation: Conversation,
    act: Act,
    *,
    now: datetime,
    by: Person | None = None,
    handoff: Handoff | None = None,
) -> Conversation:
    """The conversation after an act, its holder's version one higher.

    `by` is the member of staff who acts, `handoff` the new hand-off for `hand_over` and `fault`.
    Raises `TransitionRefused` for every cell the table does not list, and for acts on somebody
    else's hand-off.
    """
    holder = TABLE.get((conversation.holder, act))
    if holder is None:
        raise _refusal(conversation)
    if act in OWNER_ONLY and not _owns(conversation, by):
        raise _refusal(conversation, code="not_yours")
    if act == "take_over" and _owns(conversation, by):
        raise _refusal(conversation, code="already_yours")
    if act == "fault" and conversation.holder in ("waiting", "human"):
        return conversation
    moved = replace(conversation, holder=holder, version=conversation.version + 1)
    return _EFFECTS[act](moved, act, now, by, handoff)


def _owns(conversation: Conversation, by: Person | None) -> bool:
    owner = conversation.handoff.claimed_by if conversation.handoff else None
    return by is not None and owner == by.id


def _refusal(conversation: Conversation, *, code: str | None = None) -> TransitionRefused:
    name = conversation.handoff.claimed_name if conversation.handoff else None
    codes: dict[Holder, str] = {
        "bot": "not_waiting",
        "waiting": "not_claimed",
        "human": "taken",
        "closed": "closed",
    }
    held = name if conversation.holder == "human" else None
    return TransitionRefused(code or codes[conversation.holder], holder_name=held)


_Effect: TypeAlias = Callable[
    [Conversation, Act, datetime, Person | None, Handoff | None], Conversation
]


def _open(
    c: Conversation, _act: Act, _now: datetime, _by: Person | None, handoff: Handoff | None
) -> Conversation:
    if handoff is None:
        raise ValueError("opening a hand-off needs the hand-off")
    return replace(c, handoff=handoff, closed_at=None, unknowns=0, pending=None, escalated=True)


def _claim(
    c: Conversation, _act: Act, now: datetime, by: Person | None, _handoff: Handoff | None
) -> Conversation:
    if by is None or c.handoff is None:
        raise ValueError("a claim needs a person and a hand-off")
    held = replace(
        c.handoff, claimed_by=by.id, claimed_name=by.name, claimed_at=now, unanswered_since=now
    )
    return replace(c, handoff=held)


def _release(
    c: Conversation, _act: Act, _now: datetime, _by: Person | None, _handoff: Handoff | None
) -> Conversation:
    if c.handoff is None:
        raise ValueError("a held conversation has a hand-off")
    free = replace(
        c.handoff,
        claimed_by=None,
        claimed_name=None,
        claimed_at=None,
        unanswered_since=None,
        rung=0,
        round=c.handoff.round + 1,
    )
    return replace(c, handoff=free)


def _end(
    c: Conversation, act: Act, now: datetime, _by: Person | None, _handoff: Handoff | None
) -> Conversation:
    ended = replace(c.handoff, outcome=_ENDS[act], ended_at=now) if c.handoff else None
    closed_at = now if c.holder == "closed" else None
    return replace(c, handoff=ended, boundary=now, unknowns=0, pending=None, closed_at=closed_at)


def _reopen(
    c: Conversation, _act: Act, now: datetime, _by: Person | None, _handoff: Handoff | None
) -> Conversation:
    # What was said after the close (a rating, a comment) is history, too.
    starts = max(filter(None, (c.boundary, c.closed_at)), default=now)
    return replace(c, handoff=None, closed_at=None, unknowns=0, boundary=starts)


def _close(
    c: Conversation, _act: Act, now: datetime, _by: Person | None, _handoff: Handoff | None
) -> Conversation:
    return replace(c, boundary=now, unknowns=0, pending=None, closed_at=now)


_EFFECTS: dict[Act, _Effect] = {
    "hand_over": _open,
    "fault": _open,
    "claim": _claim,
    "take_over": _claim,
    "release": _release,
    "lapse": _release,
    "cancel": _end,
    "exhaust": _end,
    "hand_back": _end,
    "resolve": _end,
    "end": _end,
    "close": _close,
    "reopen": _reopen,
}

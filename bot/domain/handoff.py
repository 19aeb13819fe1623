"""A hand-off: a person asked for, called rung by rung, holding the conversation, and done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from bot.domain.message import Address

Reason: TypeAlias = Literal[
    "asked", "unknowns", "fault", "rule", "line_off", "line_shadow", "line_share", "skill"
]
Means: TypeAlias = Literal["room", "direct", "sms", "webhook"]
HandoffOutcome: TypeAlias = Literal[
    "resolved", "handed_back", "cancelled", "exhausted", "customer_ended"
]
Priority: TypeAlias = Literal["low", "normal", "high", "urgent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of the ladder: which team is called, by what means, and how long to wait."""

    team: str
    means: Means
    wait: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """One request for a person, from opening to outcome.

    `ladder` is copied in when the hand-off opens, so that a change of settings does not move a
    running one. `claimed_by` is a `Person.id`. `tried` are the titles of what the bot offered.
    `rule` names the rule that called; `human_led`: the bot adds nothing while it is waited.
    """

    id: str
    reason: Reason
    opened_at: datetime
    ladder: tuple[Rung, ...] = ()
    rung: int = 0
    priority: Priority = "normal"
    summary: str = ""
    tried: tuple[str, ...] = ()
    claimed_by: str | None = None
    claimed_name: str | None = None
    claimed_at: datetime | None = None
    staff_thread: Address | None = None
    outcome: HandoffOutcome | None = None
    ended_at: datetime | None = None
    rule: str | None = None
    human_led: bool = False

"""A hand-off: a person asked for, called rung by rung, holding the conversation, and done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from bot.domain.assist import Assist
from bot.domain.message import Address, Citation, Quote

Reason: TypeAlias = Literal[
    "asked", "unknowns", "fault", "rule", "line_off", "line_shadow", "line_share", "skill"
]
Means: TypeAlias = Literal["room", "direct", "sms", "webhook"]
HandoffOutcome: TypeAlias = Literal[
    "resolved", "handed_back", "cancelled", "exhausted", "customer_ended"
]
Priority: TypeAlias = Literal["low", "normal", "high", "urgent"]
Fallback: TypeAlias = Literal["callback", "ticket"]
Reached: TypeAlias = Literal["called", "nobody", "unreachable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of the ladder: which team is called, by what means, and how long to wait.

    `role` calls those who have it in the team; `callout` is the outside service that a `webhook`
    calls.
    """

    team: str
    means: Means
    wait: timedelta
    role: str | None = None
    callout: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Rungs that are called one after the other, and what is left when nobody came."""

    rungs: tuple[Rung, ...]
    fallback: Fallback


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of one rung: who was to come, by what means, when, and whether it went out.

    `person` and `name` are None where a rung called nobody in particular. `round` counts how often
    the ladder has begun, the first time with 0. `callout` is the outside service that was called:
    a later round may climb another ladder.
    """

    round: int
    rung: int
    means: Means
    at: datetime
    reached: Reached = "called"
    person: str | None = None
    name: str | None = None
    callout: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """What is still owed to the customer when nobody came: a call back, or work on a ticket.

    `number` is what the customer was told, `wish` when and how they want to be reached.
    """

    kind: Fallback
    number: str
    opened_at: datetime
    wish: str = ""
    done_at: datetime | None = None
    done_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """One request for a person, from opening to outcome.

    `ladder` is copied in when the hand-off opens, so that a change of settings does not move a
    running one; the people are found when each rung is called, and kept in `calls`. Without a
    `fallback` nobody is called beyond the staff room and the desk. `claimed_by` is a `Person.id`.
    `tried` are the titles of what the bot offered. `unanswered_since` is since when the customer
    has been waiting for the claimer. `rule` names the rule that called; `human_led`: the bot adds
    nothing while it is waited.
    `customer` and `zone` are the customer's name and time zone, where they are known, `said` what
    both said last when it opened; `sources` is what the bot answered with. `assist` is what
    helps with the customer's last words, `assist_told_at` when it was last in the staff thread.
    `csat`: whether the customer may be asked how content they were; not after distress.
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
    fallback: Fallback | None = None
    round: int = 0
    calls: tuple[Call, ...] = ()
    request: OpenRequest | None = None
    unanswered_since: datetime | None = None
    csat: bool = True
    customer: str | None = None
    zone: str | None = None
    said: tuple[Quote, ...] = ()
    sources: tuple[Citation, ...] = ()
    assist: Assist | None = None
    assist_told_at: datetime | None = None

    def owes(self) -> Fallback | None:
        """What is still open for the customer although the hand-off has ended."""
        request = self.request
        return request.kind if request is not None and request.done_at is None else None

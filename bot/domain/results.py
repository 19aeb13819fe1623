"""What a conversation comes to: how it ended, and how content the customer was with the person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args

End: TypeAlias = Literal["confirmed", "assumed", "escalated", "abandoned"]
ENDS: tuple[End, ...] = get_args(End)
"""Every conversation that is over ended as exactly one of these; `bot.core.outcomes` defines them.
Together they are the denominator."""

LOWEST, HIGHEST = 1, 5
"""Scores of a rating."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The question how content the customer was, asked once a hand-off, while it is open.

    `score` is set once it is answered; `commenting`: the customer is about to write a comment.
    """

    handoff: str
    expires_at: datetime
    score: int | None = None
    commenting: bool = False

    def is_open(self, now: datetime) -> bool:
        return now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """A customer's answer after a hand-off: 1 (very poor) to 5 (very good), and their own words."""

    handoff: str
    conversation: str
    line: str
    score: int
    at: datetime
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a conversation ended, written down once it can no longer be reopened."""

    conversation: str
    line: str
    end: End
    at: datetime


Result: TypeAlias = Rating | Ending

"""What a conversation comes to: how it ended, and how content the customer was with the person."""

from collections.abc import Mapping
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


Party: TypeAlias = Literal["bot", "people"]
CRITERIA = ("answered", "grounded", "polite", "timely", "disclosed")
"""What a conversation score asks; `bot.core.scoring` says how each is told."""
FEWEST = 20
"""No share is shown of fewer conversations than that."""
FEWEST_PEOPLE = 3
"""Nor of fewer people: it would be the score of one, or one could tell the other's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one conversation went, for the bot or for people together; it names nobody.

    A criterion that cannot be told is None.
    """

    conversation: str
    line: str
    party: Party
    at: datetime
    answered: bool | None = None
    grounded: bool | None = None
    polite: bool | None = None
    timely: bool | None = None
    disclosed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """How many conversations were scored, and by criterion in how many it was met.

    A criterion that is not told of this party is not in `met`. `people` is how many took part, 0
    for the bot.
    """

    line: str
    party: Party
    conversations: int
    met: Mapping[str, int]
    people: int = 0

    def enough(self) -> bool:
        """Whether shares may be shown at all."""
        several = self.party == "bot" or self.people >= FEWEST_PEOPLE
        return self.conversations >= FEWEST and several


Result: TypeAlias = Rating | Ending | Score

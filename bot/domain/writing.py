"""What a writer gets and gives: the brief, sentences with their citations, and what they cost."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from bot.domain.conversation import Entry
from bot.domain.knowledge import Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a writer gets: the question, what was said, the passages it may use."""

    question: str
    passages: tuple[Passage, ...]
    history: tuple[Entry, ...]
    language: str
    persona: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One written sentence, and the ids of the articles it rests on."""

    text: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a model used. `micros` is money in millionths of the currency its prices are in."""

    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    micros: int = 0


Writing: TypeAlias = Literal["written", "approved", "dropped"]
"""How a turn with a writer ended: its words, the approved text instead, or nothing said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """The cost of one turn, kept beside its words and without them. `job` is the compose job."""

    job: str
    line: str
    at: datetime
    ended: Writing
    usage: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a day's turns may use together, from midnight UTC on; None is without an end."""

    tokens: int | None = None
    micros: int | None = None

    def left(self, used: Usage) -> bool:
        """Whether another turn may be begun."""
        tokens = used.tokens_in + used.tokens_out
        return (self.tokens is None or tokens < self.tokens) and (
            self.micros is None or used.micros < self.micros
        )

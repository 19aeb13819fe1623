"""What the library gives back: articles, passages, answers and the decision about them."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Decision: TypeAlias = Literal["answer", "choices", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One approved answer of a knowledge base, with the ways people ask for it."""

    id: str
    question: str
    answer: str
    variants: tuple[str, ...] = ()
    url: str | None = None
    language: str = "en"
    source: str = ""
    verbatim_only: bool = False
    human_led: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """An article as found for a question; `score` is comparable within one knowledge base only.

    `verbatim`: its text is said word for word or not at all.
    """

    article: str
    question: str
    text: str
    score: float
    url: str | None = None
    source: str = ""
    language: str = "en"
    verbatim: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """What the library says to one question.

    `passages` are the best few, best first. `decision` is the band the best falls into:
    answer it, offer the nearest as choices, or admit not knowing.
    """

    decision: Decision
    passages: tuple[Passage, ...]
    confidence: float
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Words ready to be said, with where they come from."""

    text: str
    confidence: float
    grounded: bool
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What an ingest changed in one knowledge base; `skipped` names what could not be read."""

    kb: str
    version: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    encoded: int = 0
    seconds: float = 0.0
    skipped: tuple[str, ...] = field(default=())

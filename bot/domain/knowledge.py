"""What the library gives back: articles, passages, answers and the decision about them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

Decision: TypeAlias = Literal["answer", "choices", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One approved answer of a knowledge base, with the ways people ask for it.

    `lines` names the lines whose customers may read it; none named means all. `owner` is who
    keeps it right, and looks at it again by `review_by`. `taught` are phrasings that were approved
    beside those of its author.
    """

    id: str
    question: str
    answer: str
    variants: tuple[str, ...] = ()
    url: str | None = None
    language: str = "en"
    source: str = ""
    verbatim_only: bool = False
    human_led: bool = False
    lines: tuple[str, ...] = ()
    owner: str | None = None
    review_by: date | None = None
    taught: tuple[str, ...] = ()

    def asked(self) -> tuple[str, ...]:
        """All the ways people ask for it, its own question first."""
        return (self.question, *self.variants, *self.taught)

    def open_to(self, line: str | None) -> bool:
        """Whether a line's customers may read it; `None` is nobody's line and may read all."""
        return line is None or not self.lines or line in self.lines


def main_language(articles: Iterable[Article]) -> str:
    """The language most articles are in; the first by name among equals."""
    counts = Counter(article.language for article in articles)
    return min(counts, key=lambda language: (-counts[language], language), default="en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """An article as found for a question; `score` is comparable within one knowledge base only.

    `verbatim_only`: its text is said word for word or not at all.
    """

    article: str
    question: str
    text: str
    score: float
    url: str | None = None
    source: str = ""
    language: str = "en"
    verbatim_only: bool = False
    human_led: bool = False
    owner: str | None = None
    review_by: date | None = None


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


Fate: TypeAlias = Literal["answered", "offered", "unknown", "person"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A question as a customer asked it, and what became of it.

    `articles` are those it was answered with or offered; `chosen` is the offered one that was
    pressed, `refused` whether none of them was right. `told` is what a person answered.
    """

    text: str
    fate: Fate
    at: datetime
    articles: tuple[str, ...] = ()
    chosen: str | None = None
    refused: bool = False
    told: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Words ready to be said, with where they come from."""

    text: str
    confidence: float
    grounded: bool
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A question of which somebody has said what answers it: an article, or None for nothing.

    `vector` is little-endian float32, unit length.
    """

    question: str
    article: str | None
    vector: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The labelled questions of one knowledge base; `fingerprint` is of their encoder."""

    fingerprint: str
    questions: tuple[Labelled, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """How a knowledge base should do with questions like those it was asked, as shares.

    `right` and `wrong` are answered at once, `unknown` refused, the others offered as choices.
    `outside_unknown` is of questions that no article answers; None where none were labelled.
    """

    asked: int
    right: float
    wrong: float
    unknown: float
    outside_unknown: float | None = None


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
    expected: Expected | None = None

"""What a report on a knowledge base says."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A count out of all questions, with its 95 % interval as shares."""

    count: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What became of the questions."""

    questions: int
    answered: Share
    offered: Share
    chosen: int
    unknown: Share
    person: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Questions alike that were not answered; `example` is the most typical of them.

    `nearest` is the article nearest to it, by id, and `cosine` how near.
    """

    example: str
    others: tuple[str, ...]
    count: int
    told: tuple[str, ...]
    nearest: str
    cosine: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two articles asked for in nearly the same words."""

    one: str
    other: str
    asked: tuple[str, str]
    answers: tuple[str, str]
    cosine: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weak:
    """An article whose own phrasings, each asked as if nobody had written it, find others."""

    article: str
    question: str
    phrasings: int
    missed: int
    taken_for: tuple[str, ...]
    suggested: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """An article whose day of review has passed."""

    article: str
    question: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All of it. Ids of articles throughout; `used` counts how often each was shown.

    `older` is how many unanswered questions were too old to be grouped with the others.
    """

    kb: str
    version: int
    made_at: datetime
    articles: int
    since: datetime
    until: datetime
    conversations: int
    coverage: Coverage
    gaps: tuple[Gap, ...]
    ungrouped: int
    older: int
    used: tuple[tuple[str, int], ...]
    unused: tuple[tuple[str, str], ...]
    contradicting: tuple[Pair, ...]
    repeated: tuple[Pair, ...]
    stale: tuple[Stale, ...]
    weak: tuple[Weak, ...]
    suggested: tuple[tuple[str, tuple[str, ...]], ...]

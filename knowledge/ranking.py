"""Scores articles against a question: 0.9 dense, 0.1 words; and how sure the best one is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Vectors
from knowledge.lexical import Heard

DENSE_SHARE = 0.9
WORDS_SHARE = 0.1
# A mean, so that one odd phrasing does not carry an article by itself.
BEST_PHRASINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The vectors of one index, article after article.

    Article `i` owns the rows from `starts[i]` to `starts[i + 1]`: its phrasings first, then the
    row of question and answer together. `owners` names the article of each row.
    """

    vectors: Vectors
    starts: tuple[int, ...]
    owners: NDArray[np.int32]

    @classmethod
    def of(cls, vectors: Vectors, sizes: Sequence[int]) -> "Rows":
        """`sizes` is how many rows each article owns."""
        starts = (0, *np.cumsum(sizes, dtype=np.int64).tolist())
        owners = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        return cls(vectors=vectors, starts=starts, owners=owners)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """An article with its score, and the confidence that the gate looks at."""

    article: int
    score: float
    confidence: float


def rank(
    rows: Rows,
    query: Vectors,
    candidates: Iterable[int],
    heard: Heard | None = None,
    *,
    without: int | None = None,
) -> list[Scored]:
    """The candidates, best first. `heard` is what their words say, where that is asked.

    `without` leaves out one row: what the score would be if nobody had written that phrasing.
    """
    scored = []
    for article in set(candidates):
        start, end = rows.starts[article], rows.starts[article + 1]
        cosines = rows.vectors[start:end] @ query
        asked, whole = cosines[:-1], float(cosines[-1])
        if without is not None and start <= without < end - 1:
            asked = np.delete(asked, without - start)
        scored.append(_scored(article, asked, whole, heard.share(article) if heard else 0.0))
    scored.sort(key=lambda one: (-one.score, one.article))
    return scored


def _scored(article: int, asked: NDArray[np.float32], whole: float, words: float) -> Scored:
    best = np.sort(asked)[-BEST_PHRASINGS:]
    question, closest = (float(best.mean()), float(best[-1])) if len(best) else (whole, whole)
    dense = 0.5 * (question + whole)
    return Scored(
        article=article,
        score=DENSE_SHARE * dense + WORDS_SHARE * words,
        # The closest phrasing separates known from unknown better than the words do.
        confidence=0.5 * (dense + closest),
    )

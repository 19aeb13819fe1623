"""Orders articles for a question, and takes the signals that say how sure the best one is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Vectors
from knowledge.lexical import Heard

DENSE_SHARE = 0.9
WORDS_SHARE = 0.1
# How much a cosine weighs beside the head's log-probability.
COSINE_WEIGHT = 5.0
# A mean, so that one odd phrasing does not carry an article by itself.
BEST_PHRASINGS = 3
# Who is looked at for the margin: as many as are offered.
_LOOKED_AT = 3


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

    @property
    def articles(self) -> int:
        return len(self.starts) - 1


class Closeness(NamedTuple):
    """Cosines of a question to one article.

    To its closest phrasing, to its best three (their mean), to question and answer together.
    """

    closest: float
    phrasings: float
    whole: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """An article with its score, from 0 to 1 and comparable within one knowledge base only.

    `logit` is what the head says of the article; `energy` the log of the sum of all articles'
    exponentiated logits: how much the question is like anything the head knows.
    """

    article: int
    score: float
    cosines: Closeness
    logit: float = 0.0
    energy: float = 0.0


class Signals(NamedTuple):
    """What the gate looks at; the last three are 0 without a head.

    `margin` is how far the phrasings of the best article lead over those of the next ones,
    `probability` the share that the head gives it.
    """

    closest: float
    phrasings: float
    whole: float
    margin: float
    logit: float
    energy: float
    probability: float


def signals(ranked: Sequence[Scored]) -> Signals:
    """Of articles best first, one at least."""
    best = ranked[0]
    others = max((one.cosines.phrasings for one in ranked[1:_LOOKED_AT]), default=0.0)
    margin = best.cosines.phrasings - others
    probability = exp(min(best.logit - best.energy, 0.0)) if best.energy else 0.0
    return Signals(*best.cosines, margin, best.logit, best.energy, probability)


def rank(
    rows: Rows,
    query: Vectors,
    candidates: Iterable[int],
    heard: Heard | None = None,
    *,
    logits: Vectors | None = None,
    without: NDArray[np.bool_] | None = None,
) -> list[Scored]:
    """The candidates, best first.

    `heard` is what the words of the question say, `logits` what a head says of all articles.

    `without` marks rows to leave out: what the order would be if nobody had written those.
    """
    close = {one: _closeness(rows, query, one, without) for one in set(candidates)}
    if logits is None:
        scored = [
            Scored(article=one, score=_few(cosines, heard, one), cosines=cosines)
            for one, cosines in close.items()
        ]
    else:
        scored = _with_head(close, logits) if close else []
    scored.sort(key=lambda one: (-one.score, one.article))
    return scored


def _closeness(
    rows: Rows, query: Vectors, article: int, without: NDArray[np.bool_] | None
) -> Closeness:
    start, end = rows.starts[article], rows.starts[article + 1]
    cosines = rows.vectors[start:end] @ query
    asked, whole = cosines[:-1], float(cosines[-1])
    if without is not None:
        asked = asked[~without[start : end - 1]]
    if len(asked) == 0:
        return Closeness(whole, whole, whole)
    best = np.sort(asked)[-BEST_PHRASINGS:].tolist()
    return Closeness(best[-1], sum(best) / len(best), whole)


def _few(cosines: Closeness, heard: Heard | None, article: int) -> float:
    """The score where phrasings are few: cosines, and a little of the words."""
    dense = 0.5 * (cosines.phrasings + cosines.whole)
    return DENSE_SHARE * dense + WORDS_SHARE * (heard.share(article) if heard else 0.0)


def _with_head(close: dict[int, Closeness], logits: Vectors) -> list[Scored]:
    """The score is the probability among the candidates, by the head and the cosines together."""
    most = float(logits.max())
    energy = most + log(float(np.exp(logits - most).sum()))
    joined = {
        one: float(logits[one]) + COSINE_WEIGHT * cosines.phrasings
        for one, cosines in close.items()
    }
    top = max(joined.values())
    shares = {one: exp(value - top) for one, value in joined.items()}
    total = sum(shares.values())
    return [
        Scored(
            article=one,
            score=shares[one] / total,
            cosines=cosines,
            logit=float(logits[one]),
            energy=energy,
        )
        for one, cosines in close.items()
    ]

"""Decides whether the best article answers, is offered, or the library does not know."""

from collections.abc import Iterator, Sequence

import numpy as np

from bot.domain.knowledge import Decision
from knowledge.encoder import Vectors
from knowledge.ranking import Rows, Scored, rank

# No fixed confidence is safe for every knowledge base, so the cuts are quantiles of how sure
# the library is of its own phrasings when each is asked as if nobody had written it.
ANSWER_QUANTILE = 0.15
OFFER_QUANTILE = 0.02
# Two articles nearer than this are a tie: the customer knows better which one it is.
TIE = 0.02
# Where too few phrasings speak, the cuts of ordinary knowledge bases fill in.
USUAL_ANSWER = 0.45
USUAL_OFFER = 0.33
_WEIGHT_OF_USUAL = 20
_ASKED = 1500
_NEAREST_ROWS = 50
_SEED = 20
# Cosines held at a time, 32 MB of them, however many rows there are.
_HELD = 8_000_000


def decide(ranked: Sequence[Scored], cuts: tuple[float, float]) -> Decision:
    """`ranked` is best first; `cuts` are those of the edition."""
    if not ranked or ranked[0].confidence < cuts[1]:
        return "unknown"
    tied = len(ranked) > 1 and ranked[0].score - ranked[1].score < TIE
    return "answer" if ranked[0].confidence >= cuts[0] and not tied else "choices"


def calibrate(rows: Rows) -> tuple[float, float]:
    """The answer cut and the offer cut for these articles."""
    sure = _left_out(rows)
    if len(sure) == 0:
        return USUAL_ANSWER, USUAL_OFFER
    answer, offer = np.quantile(sure, (ANSWER_QUANTILE, OFFER_QUANTILE)).tolist()
    share = len(sure) / (len(sure) + _WEIGHT_OF_USUAL)
    return (
        round(share * answer + (1 - share) * USUAL_ANSWER, 4),
        round(share * offer + (1 - share) * USUAL_OFFER, 4),
    )


def _left_out(rows: Rows) -> list[float]:
    """Confidence in the best article for each phrasing, that phrasing left out."""
    sure = []
    for asked, cosines in _to_all(rows, _phrasings(rows)):
        cosines[asked] = -1.0
        beyond = max(len(cosines) - _NEAREST_ROWS, 0)
        nearest = np.argpartition(cosines, beyond)[beyond:]
        owners = rows.owners[nearest].tolist()
        ranked = rank(rows, rows.vectors[asked], owners, without=asked)
        sure.append(ranked[0].confidence)
    return sure


def _to_all(rows: Rows, asked: Sequence[int]) -> Iterator[tuple[int, Vectors]]:
    """Each row asked with its cosines to all rows; one by one they take four times as long."""
    step = max(_HELD // len(rows.vectors), 1)
    for start in range(0, len(asked), step):
        some = asked[start : start + step]
        yield from zip(some, rows.vectors[some] @ rows.vectors.T, strict=True)


def _phrasings(rows: Rows) -> list[int]:
    """Variants only: the first phrasing also stands in the question-and-answer row."""
    found = [
        row
        for start, end in zip(rows.starts, rows.starts[1:], strict=False)
        for row in range(start + 1, end - 1)
    ]
    if len(found) <= _ASKED:
        return found
    chosen = np.random.default_rng(_SEED).choice(len(found), _ASKED, replace=False)
    return [found[place] for place in np.sort(chosen).tolist()]

"""Decides whether the best article answers, is offered, or the library does not know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.domain.knowledge import Decision
from knowledge.ranking import Scored, Signals, signals

# No fixed confidence is safe for every knowledge base, so the cuts are quantiles of how sure
# the library is of its own phrasings when each is asked as if nobody had written it. Customers'
# words are a little further off: of theirs, these cuts keep back somewhat more.
ANSWER_QUANTILE = 0.15
ALONE_QUANTILE = 0.06
# A head is surer of its author's words than of customers': it refuses a quarter more of these.
ALONE_QUANTILE_OF_HEAD = 0.045
OFFER_QUANTILE = 0.02
# Two articles nearer than this are a tie: the customer knows better which one it is.
TIE = 0.02
TIE_OF_HEAD = 0.2
# Where too few phrasings speak, the cuts of ordinary knowledge bases fill in.
USUAL = (0.45, 0.39, 0.33)
USUAL_OF_HEAD = (0.65, 0.6, 0.55)
_WEIGHT_OF_USUAL = 20
# How much each signal counts beside a head, in units of its spread: chosen on public sets with
# articles left out, where it refuses more near misses than the logit and any one cosine.
_BESIDE_HEAD = {"logit": 1.0, "closest": 1.0, "probability": 0.5}
# Signals that hardly move among phrasings say nothing more by moving for a question.
_LEAST_SPREAD = 0.01
# The confidence of a head is spread so that most questions lie between 0 and 1.
_MIDDLE, _SPREAD = 0.75, 0.1

_Cuts: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Confidence is a weighed sum of the signals; three cuts through it make the bands.

    From `answer` on the best article answers, from `offer` on the nearest are offered. Where
    nothing can be offered, it answers from `alone` on. Below, the library does not know.
    """

    weights: tuple[float, ...]
    bias: float
    answer: float
    alone: float
    offer: float
    tie: float

    def confidence(self, seen: Signals) -> float:
        return self.bias + sum(w * s for w, s in zip(self.weights, seen, strict=True))

    def decide(self, ranked: Sequence[Scored], *, choices: bool = True) -> Decision:
        """The band of articles given best first; without `choices`, answer or unknown."""
        if not ranked:
            return "unknown"
        sure = self.confidence(signals(ranked))
        if not choices:
            return "answer" if sure >= self.alone else "unknown"
        if sure < self.offer:
            return "unknown"
        tied = len(ranked) > 1 and ranked[0].score - ranked[1].score < self.tie
        return "answer" if sure >= self.answer and not tied else "choices"


# The closest phrasing separates known from unknown better than the words do: half of it, and
# half of the dense score.
_FEW = Signals(0.5, 0.25, 0.25, 0.0, 0.0, 0.0, 0.0)


def usual(answer: float = USUAL[0], offer: float = USUAL[2]) -> Gate:
    """The gate of an edition that names only two cuts, or has no phrasings to learn from."""
    alone = offer + (answer - offer) * (USUAL[1] - USUAL[2]) / (USUAL[0] - USUAL[2])
    return Gate(weights=_FEW, bias=0.0, answer=answer, alone=alone, offer=offer, tie=TIE)


def without_head(own: Sequence[Signals], shares: Sequence[float] | None = None) -> Gate:
    """`own` are the signals of the knowledge base's own phrasings, each left out in turn.

    `shares` is how much each counts, all alike by default.
    """
    gate = usual()
    if not own:
        return gate
    sure = [gate.confidence(one) for one in own]
    return _cut(gate, sure, shares, USUAL, ALONE_QUANTILE)


def with_head(own: Sequence[Signals], shares: Sequence[float] | None = None) -> Gate:
    """Confidence is the best article's logit, probability and cosine, each in its usual spread."""
    table = np.array(own, dtype=np.float64)
    taken = np.zeros(len(Signals._fields))
    for name, weight in _BESIDE_HEAD.items():
        place = Signals._fields.index(name)
        taken[place] = weight / max(float(table[:, place].std()), _LEAST_SPREAD)
    weights, bias = _spread(taken, table)
    plain = Gate(weights=weights, bias=bias, answer=0, alone=0, offer=0, tie=TIE_OF_HEAD)
    sure = (table @ weights + bias).tolist()
    return _cut(plain, sure, shares, USUAL_OF_HEAD, ALONE_QUANTILE_OF_HEAD)


def _spread(
    weights: NDArray[np.float64], table: NDArray[np.float64]
) -> tuple[tuple[float, ...], float]:
    """Weights and bias that give the rows of `table` the middle and the spread of a head."""
    raw = table @ weights
    scale = _SPREAD / max(float(raw.std()), 1e-6)
    return tuple((weights * scale).tolist()), _MIDDLE - scale * float(raw.mean())


def _cut(
    gate: Gate, sure: Sequence[float], shares: Sequence[float] | None, filling: _Cuts, alone: float
) -> Gate:
    """The gate with the cuts that are found, the usual ones weighing as much as some phrasings."""
    told = _as_good_as(shares) if shares is not None else len(sure)
    share = told / (told + _WEIGHT_OF_USUAL)
    highest, middle, lowest = (
        round(share * mine + (1 - share) * other, 4)
        for mine, other in zip(_quantiles(sure, shares, alone), filling, strict=True)
    )
    return replace(gate, answer=highest, alone=middle, offer=lowest)


def _as_good_as(shares: Sequence[float]) -> float:
    """How many phrasings that count alike would tell as much as these (Kish's effective size)."""
    counts = np.array(shares, dtype=np.float64)
    return float(counts.sum() ** 2 / (counts**2).sum())


def _quantiles(sure: Sequence[float], shares: Sequence[float] | None, alone: float) -> _Cuts:
    """The three cuts, from the highest to the lowest, for questions that are all known."""
    wanted = (ANSWER_QUANTILE, alone, OFFER_QUANTILE)
    highest, middle, lowest = np.quantile(
        sure, wanted, weights=shares, method="inverted_cdf"
    ).tolist()
    return highest, middle, lowest

"""Learns a gate from questions of which people have said what they mean, or that nothing does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from knowledge.encoder import Vectors
from knowledge.gate import ALONE_QUANTILE, ANSWER_QUANTILE, OFFER_QUANTILE, Gate
from knowledge.ranking import Signals

LEAST = 50
"""Questions in scope, and out of scope, below which nothing is learnt."""
ADVISED = 200
"""Questions out of scope from which on the gate is as good as it gets."""
# Few and related signals: held short, the weights stay near the difference of the means.
_FREEDOM = 0.03
# Out-of-scope questions beyond this share are let through where that spares others a refusal.
_STRAYS = 0.02
# The same order of magnitude as the confidence of other gates.
_MIDDLE, _SCALE = 0.5, 0.1


@dataclass(frozen=True, slots=True)
class Labels:
    """Questions as vectors, one a row, and the place of the right article, or None for none."""

    vectors: Vectors
    right: tuple[int | None, ...]

    def pairs(self) -> Iterator[tuple[Vectors, int | None]]:
        return zip(self.vectors, self.right, strict=True)

    def enough(self) -> bool:
        outside = sum(one is None for one in self.right)
        return outside >= LEAST and len(self.right) - outside >= LEAST


def fitted(gate: Gate, *, known: Sequence[Signals], unknown: Sequence[Signals]) -> Gate:
    """The gate with weights and cuts that tell these questions apart.

    It weighs anew the signals that `gate` looks at; the others are akin to them, and with a few
    hundred questions they blur what they add.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - takes a second

    table = np.array([*known, *unknown], dtype=np.float64)
    middle, spread = table.mean(axis=0), table.std(axis=0)
    # A signal that never moves says nothing.
    spread[(spread == 0) | (np.array(gate.weights) == 0)] = np.inf
    learner = LogisticRegression(C=_FREEDOM, class_weight="balanced", max_iter=500)
    learner.fit((table - middle) / spread, [1] * len(known) + [0] * len(unknown))
    weights = _SCALE * learner.coef_[0] / spread
    bias = _MIDDLE + _SCALE * float(learner.intercept_[0]) - float(middle @ weights)
    sure = table @ weights + bias
    # Where out of scope is far off, cuts lie no higher than it takes to refuse it.
    far = float(np.quantile(sure[len(known) :], 1 - _STRAYS))
    wanted = (ANSWER_QUANTILE, ALONE_QUANTILE, OFFER_QUANTILE)
    cuts = np.quantile(sure[: len(known)], wanted).tolist()
    answer, alone, offer = (min(cut, far) for cut in cuts)
    return replace(
        gate,
        weights=tuple(weights.tolist()),
        bias=bias,
        answer=answer,
        alone=alone,
        offer=min(offer, alone),
    )

"""A linear head: tells the articles of one knowledge base apart, learnt from their phrasings."""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Vectors
from knowledge.ranking import Rows

# With fewer phrasings an article, in the middle, cosines alone are as good.
LEAST_PHRASINGS = 5
# Training time goes with rows times articles: about a minute on two cores at this size.
MOST_WORK = 30_000_000
# How far weights may go. 10 to 100 do equally well on the public sets, from 5 phrasings on.
_FREEDOM = 30.0
_STEPS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Multinomial logistic regression: `weights` has a row for each article, `bias` a number."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def logits(self, query: Vectors) -> Vectors:
        """One for each article; the higher, the likelier."""
        found: Vectors = self.weights @ query + self.bias
        return found


def worth_training(rows: Rows) -> bool:
    """Whether there are phrasings enough for a head, and not too many for the time it takes."""
    if rows.articles <= 1 or len(rows.owners) * rows.articles > MOST_WORK:
        return False
    phrasings = np.diff(rows.starts) - 1
    return bool(np.median(phrasings) >= LEAST_PHRASINGS)


def train(rows: Rows, left_out: NDArray[np.bool_] | None = None) -> Head:
    """Learn from all phrasings but those left out; every article must keep one."""
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 - takes a second
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - likewise

    taken = asked(rows)
    if left_out is not None:
        taken &= ~left_out
    # Balanced: how many phrasings somebody wrote is not how often customers ask.
    learner = LogisticRegression(C=_FREEDOM, max_iter=_STEPS, class_weight="balanced")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # near enough by then
        learner.fit(rows.vectors[taken], rows.owners[taken])
    weights, bias = learner.coef_, learner.intercept_
    if len(weights) == 1:  # of two articles it keeps one row, for the second
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return Head(weights=weights.astype(np.float32), bias=bias.astype(np.float32))


def asked(rows: Rows) -> NDArray[np.bool_]:
    """The rows that are phrasings: all but the last of each article."""
    phrasing = np.ones(len(rows.owners), dtype=np.bool_)
    phrasing[np.array(rows.starts[1:]) - 1] = False
    return phrasing

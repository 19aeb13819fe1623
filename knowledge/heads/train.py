"""`python -m knowledge.heads.train DATA ENCODER`: learn the heads and write `weights.json`.

DATA holds the folders `clinc150` and `nlupp`, ENCODER what `knowledge.export` wrote. Each head is a
logistic regression over vector and features. Its cut comes from out-of-fold scores: as low as lets
pass no more than `CALM` of everyday sentences and `HARD` of our own hard ones.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Encoder, Vectors
from knowledge.heads.corpora import clinc, nlupp
from knowledge.heads.examples import HEADS, Example, ours
from knowledge.heads.features import joined
from knowledge.heads.model import WEIGHTS

FOLDS = 5
CALM = {"self_harm": 0.0008, "wants_human": 0.0015, "legal_threat": 0.0003}
HARD = {"self_harm": 0.015, "wants_human": 0.01, "legal_threat": 0.008, "negative": 0.06}
_CALM, _HARD = 0.001, 0.015
# Strong enough to follow few examples, weak enough to leave what no example said alone.
_FREEDOM = 6.0
_STEPS = 500
_DIGITS = 4
# A corpus is large and easy, ours small and hard: a sentence of ours weighs as much as these many.
_OURS = 8.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m knowledge.heads.train", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("encoder", type=Path)
    options = parser.parse_args()
    encoder = Encoder.open(options.encoder)
    own = ours()
    public = [*clinc(options.data), *(one for one, _ in nlupp(options.data))]
    examples = [*own, *public]
    texts = [one.text for one in examples]
    table = joined(encoder.encode(texts), texts)
    written = learn(examples, table, len(own))
    WEIGHTS.write_text(_shown(encoder.fingerprint, written), encoding="utf-8")


def learn(
    examples: Sequence[Example], table: Vectors, own: int
) -> dict[str, tuple[Vectors, float]]:
    """Weights and cut of each head; the first `own` examples are ours."""
    return {name: learnt(name, examples, table, own) for name in HEADS}


def learnt(
    name: str, examples: Sequence[Example], table: Vectors, own: int
) -> tuple[Vectors, float]:
    """One head. Rows that leave it open are not looked at."""
    rows = np.array([place for place, one in enumerate(examples) if name not in one.open])
    shows = np.array([name in examples[row].shows for row in rows])
    ours_too = rows < own
    left_out = np.empty(len(rows))
    for fold in range(FOLDS):
        out = _dealt(shows) == fold
        weights, bias = fitted(table[rows[~out]], shows[~out], ours_too[~out])
        left_out[out] = table[rows[out]] @ weights + bias
    weights, bias = fitted(table[rows], shows, ours_too)
    return weights, _cut(name, left_out, shows, ours_too) - bias


def fitted(
    table: Vectors, shows: NDArray[np.bool_], ours_too: NDArray[np.bool_]
) -> tuple[Vectors, float]:
    """Logistic regression, both sides weighing alike, our examples more."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - takes a second

    weigh = np.where(ours_too, _OURS, 1.0)
    weigh[shows] *= weigh[~shows].sum() / weigh[shows].sum()
    weigh *= shows.sum() / weigh.sum() * 2
    learner = LogisticRegression(C=_FREEDOM, max_iter=_STEPS)
    learner.fit(table, shows, sample_weight=weigh)
    return learner.coef_[0].astype(np.float32), float(learner.intercept_[0])


def _cut(
    name: str, scores: NDArray[np.float64], shows: NDArray[np.bool_], ours_too: NDArray[np.bool_]
) -> float:
    calm, hard = scores[~shows & ~ours_too], scores[~shows & ours_too]
    cut = float(np.quantile(hard, 1 - HARD.get(name, _HARD)))
    if calm.size == 0:  # nobody labelled the public sets for it
        return cut
    return max(cut, float(np.quantile(calm, 1 - CALM.get(name, _CALM))))


def _dealt(shows: NDArray[np.bool_]) -> NDArray[np.int64]:
    """A fold for each row, both sides dealt evenly, the same at every run."""
    dice = np.random.default_rng(20261123)
    folds = np.empty(len(shows), dtype=np.int64)
    for side in (True, False):
        places = np.flatnonzero(shows == side)
        folds[dice.permutation(places)] = np.arange(len(places)) % FOLDS
    return folds


def _shown(fingerprint: str, heads: dict[str, tuple[Vectors, float]]) -> str:
    """As JSON, a head on each line."""
    rows = ",\n".join(
        f"  {json.dumps(name)}: "
        + json.dumps(
            {"cut": round(cut, _DIGITS), "weights": [round(float(w), _DIGITS) for w in weights]}
        )
        for name, (weights, cut) in heads.items()
    )
    return f'{{"encoder": {json.dumps(fingerprint)}, "heads": {{\n{rows}\n}}}}\n'


if __name__ == "__main__":
    main()

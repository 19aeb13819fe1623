"""The heads at work: one matrix product over a message's vector and its features."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.domain.errors import KnowledgeError
from knowledge.encoder import Vectors
from knowledge.heads.features import features

WEIGHTS = Path(__file__).parent / "weights.json"
_FAR = 30.0
"""Beyond this a score is 0 or 1 to all digits, and `exp` could overflow."""


@dataclass(frozen=True, slots=True)
class Heads:
    """`weights` has a row for each name; `cuts` are the logits at which a score is 0.5.

    They read vectors of the encoder with `fingerprint`, and of no other.
    """

    names: tuple[str, ...]
    fingerprint: str
    weights: Vectors
    cuts: Vectors

    def only(self, names: Sequence[str]) -> "Heads":
        """Some of them; the others cost nothing any more."""
        rows = [self.names.index(name) for name in names]
        return Heads(tuple(names), self.fingerprint, self.weights[rows], self.cuts[rows])

    def scores(self, text: str, vector: Vectors) -> Mapping[str, float]:
        """A score from 0 to 1 for each name; 0.5 is where a signal begins to count."""
        given = np.concatenate([vector, features(text)])
        logits = np.clip(self.weights @ given - self.cuts, -_FAR, _FAR)
        return dict(zip(self.names, (1 / (1 + np.exp(-logits))).tolist(), strict=True))


def load(file: Path = WEIGHTS) -> Heads:
    """The heads that ship. Raises `KnowledgeError` where their file is missing or damaged."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        weights = np.array([head["weights"] for head in told["heads"].values()], dtype=np.float32)
        cuts = np.array([head["cut"] for head in told["heads"].values()], dtype=np.float32)
        return Heads(tuple(told["heads"]), str(told["encoder"]), weights, cuts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise KnowledgeError(
            f"The heads in {file} are damaged: install careline again, or train them with "
            "`python -m knowledge.heads.train`."
        ) from exc


def heads_for(fingerprint: str) -> Heads | None:
    """The heads that ship, None where they were trained on another encoder's vectors."""
    heads = load()
    return heads if heads.fingerprint == fingerprint else None

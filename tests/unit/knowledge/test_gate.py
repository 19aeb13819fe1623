"""The cuts are taken from the articles themselves, however many there are."""

import numpy as np
import pytest

from knowledge import gate
from knowledge.gate import USUAL_ANSWER, USUAL_OFFER, calibrate
from knowledge.ranking import Rows


def rows(articles: int, each: int = 6) -> Rows:
    """Articles with phrasings that lie around a centre of their own."""
    chance = np.random.default_rng(1)
    centres = chance.standard_normal((articles, 1, 32))
    near = centres + 0.5 * chance.standard_normal((articles, each, 32))
    vectors = near.reshape(-1, 32).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Rows.of(vectors, [each] * articles)


def test_without_variants_the_usual_cuts_hold():
    assert calibrate(rows(3, each=2)) == (USUAL_ANSWER, USUAL_OFFER)


def test_the_offer_cut_lies_below_the_answer_cut():
    answer, offer = calibrate(rows(40))
    assert 0 < offer < answer < 1


@pytest.mark.parametrize("held", [1, 700, 10_000])
def test_the_size_of_a_block_changes_nothing(monkeypatch: pytest.MonkeyPatch, held: int):
    whole = calibrate(rows(40))
    monkeypatch.setattr(gate, "_HELD", held)
    assert calibrate(rows(40)) == pytest.approx(whole, abs=1e-4)


def test_only_a_block_of_cosines_is_held_at_a_time(monkeypatch: pytest.MonkeyPatch):
    many = rows(200)
    monkeypatch.setattr(gate, "_HELD", 4 * len(many.vectors))
    blocks = [cosines.base for _, cosines in gate._to_all(many, range(8))]
    assert len(blocks) == 8
    assert {block.shape for block in blocks if block is not None} == {(4, len(many.vectors))}

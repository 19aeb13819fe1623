"""Bands, ties, and cuts that are taken from what is known."""

import numpy as np
import pytest

from knowledge import gate
from knowledge.gate import TIE, USUAL, Gate, usual
from knowledge.labelled import fitted
from knowledge.ranking import Closeness, Scored, Signals

BETWEEN = Gate(weights=(1, 0, 0, 0, 0, 0, 0), bias=0, answer=0.5, alone=0.4, offer=0.3, tie=TIE)


def scored(score: float, closest: float) -> Scored:
    return Scored(article=0, score=score, cosines=Closeness(closest, 0.0, 0.0))


@pytest.mark.parametrize(
    ("best", "second", "decision", "alone"),
    [
        (scored(0.9, 0.6), scored(0.5, 0.5), "answer", "answer"),
        (scored(0.9, 0.5), scored(0.5, 0.5), "answer", "answer"),
        (scored(0.9, 0.6), scored(0.9 - TIE / 2, 0.6), "choices", "answer"),
        (scored(0.9, 0.49), scored(0.5, 0.5), "choices", "answer"),
        (scored(0.9, 0.4), scored(0.5, 0.5), "choices", "answer"),
        (scored(0.9, 0.3), scored(0.5, 0.5), "choices", "unknown"),
        (scored(0.9, 0.29), scored(0.5, 0.5), "unknown", "unknown"),
    ],
)
def test_three_bands_and_two(best: Scored, second: Scored, decision: str, alone: str):
    assert BETWEEN.decide([best, second]) == decision
    assert BETWEEN.decide([best, second], choices=False) == alone


def test_the_only_article_may_answer_and_nothing_is_unknown():
    assert BETWEEN.decide([scored(0.9, 0.6)]) == "answer"
    assert BETWEEN.decide([]) == "unknown"
    assert BETWEEN.decide([], choices=False) == "unknown"


def some(count: int, middle: float, *, seed: int = 1) -> list[Signals]:
    """Signals that move together around a middle, with what a head adds."""
    dice = np.random.default_rng(seed)
    level = middle + 0.1 * dice.standard_normal(count)
    return [Signals(one, one - 0.1, one - 0.2, 0.2, 20 * one, 20 * one + 1, 0.5) for one in level]


def test_with_nothing_to_learn_from_the_usual_cuts_hold():
    found = gate.without_head([])
    assert (found.answer, found.alone, found.offer) == USUAL == pytest.approx((0.45, 0.39, 0.33))
    assert usual() == found


def test_an_old_edition_has_a_cut_between_its_two():
    assert usual(0.6, 0.4).alone == pytest.approx(0.5)


@pytest.mark.parametrize(("made", "alone"), [(gate.without_head, 0.06), (gate.with_head, 0.045)])
def test_the_cuts_refuse_as_many_as_they_shall(made, alone):
    own = some(2000, 0.7)
    found = made(own)
    assert found.offer < found.alone < found.answer
    sure = np.array([found.confidence(one) for one in some(2000, 0.7, seed=2)])
    shares = [float((sure < cut).mean()) for cut in (found.answer, found.alone, found.offer)]
    assert shares == pytest.approx([0.15, alone, 0.02], abs=0.025)


def test_labelled_questions_find_the_signals_that_tell_apart():
    known, unknown = some(300, 0.7), some(300, 0.4, seed=3)
    found = fitted(gate.with_head(known), known=known, unknown=unknown)
    assert found.offer <= found.alone <= found.answer
    refused = [found.confidence(one) < found.alone for one in some(500, 0.4, seed=4)]
    kept = [found.confidence(one) >= found.alone for one in some(500, 0.7, seed=5)]
    assert np.mean(refused) > 0.8
    assert np.mean(kept) > 0.9


def test_what_is_far_off_costs_nobody_a_refusal():
    known, unknown = some(300, 0.7), some(300, -1.0, seed=3)
    found = fitted(gate.with_head(known), known=known, unknown=unknown)
    assert all(found.confidence(one) >= found.answer for one in known)


@pytest.mark.parametrize("made", [gate.without_head, gate.with_head])
def test_an_article_counts_once_however_many_phrasings_it_has(made):
    many, few = some(900, 0.9), some(100, 0.5, seed=3)
    found = made([*many, *few], [1 / 900] * 900 + [1 / 100] * 100)
    assert found.answer < made([*many, *few]).answer
    refused = np.mean([found.confidence(one) < found.answer for one in few])
    assert refused == pytest.approx(0.3, abs=0.1)


def test_few_phrasings_that_weigh_much_leave_more_to_the_usual_cuts():
    own = some(100, 0.9)
    uneven = gate.without_head(own, [1.0] * 5 + [0.001] * 95)
    few = gate.without_head(own[:5])
    assert uneven.answer == pytest.approx(few.answer, abs=0.02)
    assert uneven.answer < gate.without_head(own).answer - 0.1

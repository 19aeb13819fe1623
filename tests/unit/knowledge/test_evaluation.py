"""What eval counts, and how sure it is of it."""

import pytest

from bot.domain.knowledge import Consultation, Decision, Passage
from knowledge.evaluation import Tried, curve, figures, interval


def tried(
    article: str | None, decision: Decision, *found: str, confidence: float = 0.5, ms: float = 2.0
) -> Tried:
    passages = tuple(Passage(article=one, question="?", text="!", score=1.0) for one in found)
    said = Consultation(decision=decision, passages=passages, confidence=confidence, version=1)
    return Tried(article=article, found=said, seconds=ms / 1000)


EVERY = [
    tried("a", "answer", "a", "b"),
    tried("a", "answer", "b", "a"),
    tried("a", "choices", "b", "a"),
    tried("a", "choices", "b", "c"),
    tried("a", "unknown", "a"),
    tried(None, "answer", "a"),
    tried(None, "choices", "a"),
    tried(None, "unknown", "a"),
    tried(None, "unknown"),
]


def test_outcomes_exclude_each_other():
    told = figures(EVERY)
    assert (told["n"], told["in_scope"], told["out_of_scope"]) == (9, 5, 4)
    names = ("answered_right", "answered_wrong", "offered_right", "offered_wrong", "unknown")
    assert [told[name] for name in names] == [1, 1, 1, 1, 1]
    assert [told[f"oos_{name}"] for name in ("answered", "offered", "unknown")] == [1, 1, 2]
    assert told["top1"] == 0.4
    assert told["oos_recall"] == 0.5
    assert told["p50_ms"] == told["p95_ms"] == 2.0


def test_a_share_of_nothing_is_null():
    told = figures([tried("a", "answer", "a")])
    intervals = told["intervals"]
    assert isinstance(intervals, dict)
    assert told["oos_recall"] is None
    assert intervals["oos_recall"] is None
    assert intervals["top1"][1] == 1.0


@pytest.mark.parametrize(
    ("hits", "of", "expected"),
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [(81, 263, [0.2553, 0.3662]), (15, 148, [0.0624, 0.1605]), (0, 20, [0.0, 0.1611])],
)
def test_intervals_are_those_of_wilson(hits: int, of: int, expected: list[float]):
    assert interval(hits, of) == pytest.approx(expected, abs=1e-4)


def test_the_surest_come_first_in_the_curve():
    asked = [
        tried("a", "answer", "b", confidence=0.1),
        tried("a", "answer", "a", confidence=0.9),
        tried(None, "unknown", "a", confidence=0.5),
        tried("a", "choices", "a", confidence=0.7),
    ]
    assert curve(asked) == [(0.25, 1.0), (0.5, 1.0), (0.75, 2 / 3), (1.0, 0.5)]

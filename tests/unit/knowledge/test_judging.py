"""Heads and gates: when they are trained, that they hold, and how they travel."""

import numpy as np
import pytest

from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Article, Calibration, Labelled
from bot.domain.ports import Phrasing
from knowledge import head, judges, judging
from knowledge.head import train, worth_training
from knowledge.judging import judge
from knowledge.labelled import Labels
from knowledge.ranking import Rows

DIMS = 32


def vectors(articles: int, each: int, *, seed: int = 1) -> np.ndarray:
    """Unit vectors around a centre for each article: articles, phrasings, dimensions."""
    centres = np.random.default_rng(1).standard_normal((articles, 1, DIMS))
    near = centres + 0.8 * np.random.default_rng(seed).standard_normal((articles, each, DIMS))
    unit: np.ndarray = (near / np.linalg.norm(near, axis=2, keepdims=True)).astype(np.float32)
    return unit


def rows(articles: int, each: int = 11) -> Rows:
    return Rows.of(vectors(articles, each).reshape(-1, DIMS), [each] * articles)


def labels(articles: int, each: int, beyond: int = 0) -> Labels:
    """Questions about every article, and some that are about none."""
    inside = vectors(articles, each, seed=5).reshape(-1, DIMS)
    right = np.repeat(np.arange(articles), each).tolist()
    return Labels(np.concatenate([inside, far(beyond)]), (*right, *[None] * beyond))


def far(count: int) -> np.ndarray:
    found = np.random.default_rng(9).standard_normal((count, DIMS))
    unit: np.ndarray = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
    return unit


def test_a_head_is_trained_where_most_articles_have_phrasings(monkeypatch: pytest.MonkeyPatch):
    few = [head.LEAST_PHRASINGS] * 3
    assert not worth_training(Rows.of(np.zeros((15, DIMS), dtype=np.float32), few))
    assert not worth_training(rows(1))
    assert worth_training(rows(3))
    monkeypatch.setattr(head, "MOST_WORK", 3 * 33 - 1)
    assert not worth_training(rows(3))


@pytest.mark.parametrize("articles", [2, 12])
def test_a_head_tells_its_articles_apart(articles: int):
    found = train(rows(articles))
    assert found.weights.shape == (articles, DIMS)
    right = [
        found.logits(vector).argmax() == place for vector, place in labels(articles, 20).pairs()
    ]
    assert np.mean(right) > 0.8


@pytest.mark.parametrize("each", [4, 11])
def test_the_same_articles_give_the_same_judge(each: int):
    one, other = judge(rows(12, each)), judge(rows(12, each))
    assert one.judge.gate == other.judge.gate
    assert (one.judge.head is None) == (each == 4)
    assert one.expected == other.expected


def test_what_is_expected_of_a_head_comes_about():
    made = judge(rows(12, 31))
    assert made.expected is not None
    decide = made.judge.gate.decide
    right = [
        decide(one.ranked) == "answer" and one.ranked[0].article == one.right
        for one in judging._labelled(rows(12, 31), labels(12, 40), made.judge.head)
    ]
    assert np.mean(right) == pytest.approx(made.expected.right, abs=0.1)


def test_few_labels_change_nothing_and_many_do():
    plain = judge(rows(12)).judge.gate
    assert judge(rows(12), labels(12, 10, beyond=10)).judge.gate == plain
    many = judge(rows(12), labels(12, 10, beyond=200))
    assert many.judge.gate != plain
    assert many.expected is not None
    assert many.expected.outside_unknown is not None
    assert many.expected.outside_unknown > 0.5


@pytest.mark.parametrize("held", [1, 700, 10_000])
def test_the_size_of_a_block_changes_nothing(monkeypatch: pytest.MonkeyPatch, held: int):
    whole = judge(rows(30, 4)).judge.gate
    monkeypatch.setattr(judging, "_HELD", held)
    assert judge(rows(30, 4)).judge.gate.answer == pytest.approx(whole.answer, abs=1e-4)


def test_only_a_block_of_cosines_is_held_at_a_time(monkeypatch: pytest.MonkeyPatch):
    many = rows(100)
    monkeypatch.setattr(judging, "_HELD", 4 * len(many.vectors))
    blocks = [cosines.base for cosines in judging._blocks(many.vectors[:8], many)]
    assert len(blocks) == 8
    assert {block.shape for block in blocks if block is not None} == {(4, len(many.vectors))}


ARTICLES = [
    Article(id=f"{language}-{n}", question="?", answer="!", language=language)
    for language, count in (("en", 6), ("de", 3))
    for n in range(count)
]


def phrasings(each: int = 9) -> list[Phrasing]:
    found = vectors(len(ARTICLES), each)
    return [
        Phrasing(
            article=article.id,
            kind="question" if place < each - 1 else "question_answer",
            digest=f"{article.id}-{place}",
            vector=found[number, place].tobytes(),
        )
        for number, article in enumerate(ARTICLES)
        for place in range(each)
    ]


def calibration(*articles: str | None) -> Calibration:
    questions = tuple(
        Labelled(question="?", article=name, vector=vector.tobytes())
        for name, vector in zip(articles, far(len(articles)), strict=True)
    )
    return Calibration(fingerprint="f", questions=questions)


def test_judges_travel_as_bytes():
    made = judges.made(ARTICLES, phrasings(), None)
    read = judges.unpacked(judges.packed(made))
    assert read is not None
    assert (read.key, read.expected, read.cuts) == (made.key, made.expected, made.cuts)
    for language, count in (("en", 6), ("de", 3)):
        mine, theirs = made.by_language[language], read.by_language[language]
        assert mine.gate == theirs.gate
        assert mine.head is not None
        assert theirs.head is not None
        assert theirs.head.weights.shape == (count, DIMS)
        assert theirs.head.weights == pytest.approx(mine.head.weights, abs=0.01)


def test_what_has_not_changed_is_not_trained_again():
    made = judges.made(ARTICLES, phrasings(), None)
    assert judges.made(ARTICLES, phrasings(), None, made) is made
    assert judges.made(ARTICLES, phrasings(8), None, made) is not made
    assert judges.made(ARTICLES, phrasings(), calibration(None), made) is not made


def test_labels_of_articles_that_went_are_left_out():
    labelled = calibration("en-0", "gone", None)
    labels = judges._labels(labelled, ["en-0", "en-1"])
    assert labels is not None
    assert labels.right == (0, None)
    assert judges._labels(calibration("gone"), ["en-0"]) is None


@pytest.mark.parametrize("data", [b"rubbish", b"PK\x03\x04 cut short"])
def test_bytes_of_another_program_are_an_error_of_ours(data: bytes):
    assert judges.unpacked(b"") is None
    with pytest.raises(KnowledgeError, match="ingest it again"):
        judges.unpacked(data)


def test_a_single_phrasing_of_an_article_cannot_set_the_lower_cuts():
    sizes = [3] + [14] * 3  # of the first, one phrasing is asked
    found = vectors(4, 14)
    kept = [found[place, :size] for place, size in enumerate(sizes)]
    kept[0][1] = far(1)[0]
    own = list(judging._own(Rows.of(np.concatenate(kept), sizes)))
    shares = judging._shares(own)
    assert shares[0] == pytest.approx(sum(shares[1:]) / 9)

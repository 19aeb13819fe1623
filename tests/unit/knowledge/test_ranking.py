"""Scores, signals and the words beside them."""

import bm25s
import numpy as np
import pytest

from bot.domain.knowledge import Article
from knowledge.lexical import Heard, WordIndex
from knowledge.ranking import COSINE_WEIGHT, Rows, rank, signals

FIRST = np.array([True, False, False])
NONE = np.zeros(1, dtype=np.float32)


def unit(*numbers: float) -> list[float]:
    length = sum(one * one for one in numbers) ** 0.5
    return [one / length for one in numbers]


def rows(*articles: list[list[float]]) -> Rows:
    vectors = np.array([row for article in articles for row in article], dtype=np.float32)
    return Rows.of(vectors, [len(article) for article in articles])


def query(*numbers: float) -> np.ndarray:
    return np.array(unit(*numbers), dtype=np.float32)


def test_the_best_three_phrasings_and_the_whole_count_half_each():
    held = rows([[1, 0], [1, 0], [0, 1], [0, 1], [0, 1]])
    (one,) = rank(held, query(1, 0), [0])
    assert one.score == pytest.approx(0.9 * 0.5 * (2 / 3))
    assert one.cosines == pytest.approx((1.0, 2 / 3, 0.0))


def test_words_tip_the_scale():
    held = rows([[1, 0], [1, 0]], [[1, 0], [1, 0]])
    scores = np.array([0.0, 3.0], dtype=np.float32)
    words = Heard(scores=scores, low=0.0, high=3.0, best=(1,))
    ranked = rank(held, query(1, 0), [0, 1, 1, 0], words)
    assert [one.article for one in ranked] == [1, 0]
    assert ranked[0].score - ranked[1].score == pytest.approx(0.1)


def test_a_phrasing_can_be_left_out():
    held = rows([[1, 0], [0, 1], [0, 1]])
    (whole,) = rank(held, query(1, 0), [0])
    (without,) = rank(held, query(1, 0), [0], without=FIRST)
    assert without.score < whole.score
    assert without.cosines == pytest.approx((0.0, 0.0, 0.0))


def test_an_article_left_without_phrasings_is_judged_by_the_whole():
    held = rows([[1, 0], [1, 0]])
    (one,) = rank(held, query(1, 0), [0], without=FIRST[:2])
    assert one.cosines == pytest.approx((1.0, 1.0, 1.0))


def test_a_head_and_the_cosines_share_one_probability():
    held = rows([[1, 0], [1, 0]], [[0, 1], [0, 1]], [[0, 1], [0, 1]])
    logits = np.array([2.0, 1.0, -30.0], dtype=np.float32)
    ranked = rank(held, query(1, 0), [0, 1, 2], logits=logits)
    assert [one.article for one in ranked] == [0, 1, 2]
    assert sum(one.score for one in ranked) == pytest.approx(1.0)
    assert ranked[0].score / ranked[1].score == pytest.approx(np.exp(1.0 + COSINE_WEIGHT))
    seen = signals(ranked)
    assert (seen.closest, seen.margin, seen.logit) == pytest.approx((1.0, 1.0, 2.0))
    assert seen.energy == pytest.approx(np.log(np.exp(2.0) + np.exp(1.0)), abs=1e-5)
    assert seen.probability == pytest.approx(np.exp(2.0) / (np.exp(2.0) + np.exp(1.0)), abs=1e-5)


def test_without_a_head_its_signals_are_nought():
    ranked = rank(rows([[1, 0], [1, 0]]), query(1, 0), [0])
    assert signals(ranked)[-3:] == (0.0, 0.0, 0.0)
    assert rank(rows([[1, 0], [1, 0]]), query(1, 0), [], logits=NONE) == []


def words_of(*texts: str) -> WordIndex:
    return WordIndex.of([Article(id=text, question=text, answer="ok") for text in texts])


def shares(words: WordIndex, question: str, most: int = 5) -> list[float]:
    heard = words.ask(question, most)
    return [heard.share(article) for article in range(words.articles)]


def test_shared_words_give_shares():
    words = words_of("where is my parcel", "what does delivery cost")
    assert shares(words, "The PARCEL!") == [1.0, 0.0]
    assert words.ask("The PARCEL!", 5).best == (0,)


@pytest.mark.parametrize("question", ["", "?!", "nothing shared"])
def test_no_shared_words_give_none(question: str):
    assert shares(words_of("where is my parcel", "delivery"), question) == [0.0, 0.0]


def test_articles_without_words_are_fine():
    assert shares(words_of(), "hi") == []
    index = WordIndex.of([Article(id="a", question="?", answer="!")])
    assert shares(index, "hi") == [0.0]


def test_the_scores_are_those_of_bm25s():
    texts = ["the parcel is late", "where is the parcel", "pay by card", "the card was declined"]
    index = bm25s.BM25()
    index.index([[*text.split(), "ok"] for text in texts], show_progress=False)
    for question in (["the", "parcel"], ["the", "card", "card"], ["ok", "pay"]):
        heard = words_of(*texts).ask(" ".join(question), 2)
        expected = index.get_scores(question)
        assert heard.scores == pytest.approx(expected)
        assert sorted(expected[list(heard.best)]) == pytest.approx(sorted(expected)[-2:])
        assert (heard.low, heard.high) == pytest.approx((min(expected), max(expected)))

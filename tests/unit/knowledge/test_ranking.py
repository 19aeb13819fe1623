"""Scores, ties, cuts and the words beside them."""

import bm25s
import numpy as np
import pytest

from bot.domain.knowledge import Article
from knowledge.gate import TIE, USUAL_ANSWER, USUAL_OFFER, calibrate, decide
from knowledge.lexical import Heard, WordIndex
from knowledge.ranking import Rows, Scored, rank


def unit(*numbers: float) -> list[float]:
    length = sum(one * one for one in numbers) ** 0.5
    return [one / length for one in numbers]


def rows(*articles: list[list[float]]) -> Rows:
    vectors = np.array([row for article in articles for row in article], dtype=np.float32)
    return Rows.of(vectors, [len(article) for article in articles])


def query(*numbers: float) -> np.ndarray:
    return np.array(unit(*numbers), dtype=np.float32)


def scored(score: float, confidence: float) -> Scored:
    return Scored(article=0, score=score, confidence=confidence)


def test_the_best_three_phrasings_and_the_whole_count_half_each():
    held = rows([[1, 0], [1, 0], [0, 1], [0, 1], [0, 1]])
    (one,) = rank(held, query(1, 0), [0])
    assert one.score == pytest.approx(0.9 * 0.5 * (2 / 3))
    assert one.confidence == pytest.approx(0.5 * (1 / 3 + 1.0))


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
    (without,) = rank(held, query(1, 0), [0], without=0)
    assert without.score < whole.score
    assert without.confidence == pytest.approx(0.0)


def test_an_article_left_without_phrasings_is_judged_by_the_whole():
    held = rows([[1, 0], [1, 0]])
    (one,) = rank(held, query(1, 0), [0], without=0)
    assert one.confidence == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("best", "second", "decision"),
    [
        (scored(0.9, 0.6), scored(0.5, 0.5), "answer"),
        (scored(0.9, 0.5), scored(0.5, 0.5), "answer"),
        (scored(0.9, 0.6), scored(0.9 - TIE / 2, 0.6), "choices"),
        (scored(0.9, 0.49), scored(0.5, 0.5), "choices"),
        (scored(0.9, 0.3), scored(0.5, 0.5), "choices"),
        (scored(0.9, 0.29), scored(0.5, 0.5), "unknown"),
    ],
)
def test_three_bands(best: Scored, second: Scored, decision: str):
    assert decide([best, second], (0.5, 0.3)) == decision


def test_the_only_article_may_answer_and_nothing_is_unknown():
    assert decide([scored(0.9, 0.6)], (0.5, 0.3)) == "answer"
    assert decide([], (0.5, 0.3)) == "unknown"


def test_one_phrasing_an_article_gets_the_usual_cuts():
    held = rows([unit(1, 0), unit(1, 0)], [unit(0, 1), unit(0, 1)])
    assert calibrate(held) == (USUAL_ANSWER, USUAL_OFFER)


def test_many_phrasings_bring_cuts_of_their_own():
    random = np.random.default_rng(1)
    articles = []
    for _ in range(20):
        middle = random.normal(size=32)
        near = [unit(*(middle + 0.3 * random.normal(size=32))) for _ in range(10)]
        articles.append(near)
    answer, offer = calibrate(rows(*articles))
    assert USUAL_ANSWER < offer < answer < 1.0
    assert calibrate(rows(*articles)) == (answer, offer)


def test_the_offer_cut_is_never_above_the_answer_cut():
    held = rows(*[[unit(1, place), unit(place, 1), unit(1, 1)] for place in range(1, 5)])
    answer, offer = calibrate(held)
    assert offer <= answer


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

"""Slips are mended with the articles' words; ordinary words and odd names stay."""

import pytest

from bot.domain.knowledge import Article
from knowledge.vocabulary import Vocabulary

ARTICLES = (
    Article(
        id="time",
        question="How long does standard delivery take?",
        variants=("shiping time", "when will my order arrive"),
        answer="Delivery takes two to four days. Express delivery is faster.",
    ),
    Article(
        id="password",
        question="How do I reset my password?",
        answer="Choose forgotten password and open the link in your mailbox.",
    ),
)
ORDINARY_WORDS = "how does my time take is the form from station word pass stuff car"
ORDINARY = frozenset(ORDINARY_WORDS.split())


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return Vocabulary(ARTICLES, ORDINARY.__contains__)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("how long is delivry", "how long is delivery"),
        ("delviery time", "delivery time"),
        ("forgotten pasword", "forgotten password"),
        ("reset my pass word", "reset my password"),
        ("deli vrey time", "delivery time"),
        ("expressdelivery", "express delivery"),
        ("standrad delivrey?", "standard delivery ?"),
    ],
)
def test_slips_and_split_words_are_mended(words: Vocabulary, text: str, mended: str):
    assert words.mended(text) == mended


@pytest.mark.parametrize(
    "text",
    [
        "How long does standard delivery take?",
        "the form from the station",  # ordinary words, though near to others
        "my car is wrecked, Mr. Zbigniew",
        "whats the link",
        "order 4711-88",
        "links and orders",
        "",
        "x" * 5000,
    ],
)
def test_what_is_no_slip_stays(words: Vocabulary, text: str):
    assert words.mended(text) == text


def test_a_slip_in_a_variant_is_no_word_to_mend_with(words: Vocabulary):
    assert "shiping" not in words.mended("shipping time shippng")


def test_no_articles_mend_nothing():
    assert Vocabulary((), ORDINARY.__contains__).mended("delivry") == "delivry"

"""Articles that say the same count as one; a changed number or a not makes two."""

from dataclasses import dataclass

import pytest

from bot.domain.knowledge import Article
from knowledge.duplicates import distinct, same_answer

LONG = "Choose the parcels you want to send back in your account, print the label and drop it off"


@dataclass(frozen=True)
class Placed:
    article: int


def article(answer: str) -> Article:
    return Article(id=answer[-20:], question="How?", answer=answer)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Within 30 days.", "within 30 days", True),
        (f"{LONG} soon.", f"{LONG} soon", True),
        (f"{LONG} at a shop.", f"{LONG} at any shop.", True),
        (f"{LONG} within 30 days.", f"{LONG} within 14 days.", False),
        (f"{LONG}, it is free.", f"{LONG}, it is not free.", False),
        ("By card.", "By post.", False),
    ],
)
def test_the_same_answer(one: str, other: str, same: bool):  # noqa: FBT001 - a value
    assert same_answer(article(one), article(other)) is same


def test_the_better_of_two_that_say_the_same_is_kept():
    articles = [article("By card."), article("by card"), article("By post.")]
    ranked = [Placed(place) for place in (1, 0, 2)]
    assert [one.article for one in distinct(ranked, articles, 3)] == [1, 2]

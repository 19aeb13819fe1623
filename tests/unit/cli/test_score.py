"""`careline score`: shares of enough conversations, and nothing of too few."""

from dataclasses import replace

import pytest

from bot.cli.score import as_object, in_words
from bot.domain.results import CRITERIA, Scored

BOT = Scored(
    line="shop", party="bot", conversations=20, met=dict.fromkeys(CRITERIA, 20) | {"answered": 15}
)
MANY = Scored(
    line="shop", party="people", conversations=20, met={"answered": 19, "timely": 5}, people=3
)


def test_enough_are_told():
    assert in_words(BOT) == (
        "shop, bot: 20 conversations; answered 75.0 %, grounded 100.0 %, polite 100.0 %, "
        "timely 100.0 %, disclosed 100.0 %"
    )
    told = as_object(BOT)
    assert (told["answered"], told["polite"], told["few"]) == (0.75, 1.0, False)


def test_people_are_told_together():
    assert in_words(MANY) == "shop, people: 20 conversations; answered 95.0 %, timely 25.0 %"


@pytest.mark.parametrize(("conversations", "people"), [(19, 3), (20, 2), (20, 1)])
def test_too_few_are_not_told(conversations: int, people: int):
    scored = replace(MANY, conversations=conversations, people=people)
    least = "20 conversations and 3 people"
    assert in_words(scored) == f"shop, people: too few to tell (it takes {least})"
    assert as_object(scored) == {
        "line": "shop",
        "of": "people",
        "conversations": None,
        "few": True,
    } | dict.fromkeys(CRITERIA)


def test_too_few_of_the_bot_say_only_how_many():
    scored = replace(BOT, conversations=19)
    assert in_words(scored) == "shop, bot: too few to tell (it takes 20 conversations)"
    assert (as_object(scored)["conversations"], as_object(scored)["answered"]) == (19, None)

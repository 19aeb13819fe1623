"""Thumbs under an answer: who is left without help is told how to get some, nobody else."""

import pytest

from bot.core.outcomes import end_of
from bot.domain.feedback import Feedback, feedback_of
from tests.unit.core.house import ADA, RETURNS, House


async def test_a_thumb_down_offers_a_person():
    house = House()
    await house.say(RETURNS.question)
    before = len(house.channel.shown)
    await house.press("feedback:down:returns", "👎")
    (told,) = house.channel.shown[before:]
    assert "person" in str(told.parts)


async def test_a_thumb_up_confirms_in_silence():
    house = House()
    await house.say(RETURNS.question)
    before = len(house.channel.shown)
    await house.press("feedback:up:returns", "👍")
    assert house.channel.shown[before:] == []
    assert end_of(house.conversation(), house.transcript()) == "confirmed"


async def test_while_a_person_talks_the_bot_says_nothing_about_a_thumb():
    house = House()
    await house.say(RETURNS.question)
    await house.say("a human please")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.run()
    before = len(house.channel.shown)
    await house.press("feedback:down:returns", "👎")
    assert house.channel.shown[before:] == []


@pytest.mark.parametrize("value", ["feedback:up:a:b", "feedback:down:x"])
def test_a_button_says_what_it_holds(value: str):
    found = feedback_of(value)
    assert found is not None
    assert found.value() == value


@pytest.mark.parametrize("value", [None, "", "article:x", "feedback:", "feedback:sideways:x"])
def test_other_buttons_are_none(value: str | None):
    assert feedback_of(value) is None


def test_a_thumb_names_its_article():
    assert Feedback(useful=True, article="returns").value() == "feedback:up:returns"

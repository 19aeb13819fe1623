"""How it was with the person: asked once, answered once, swallows nothing, ends by itself."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.words import ENGLISH
from bot.domain.message import Choices, Pressed
from bot.domain.results import Rating
from tests.fakes.reader import FakeReader
from tests.unit.core.house import ADA, RETURNS, ROOM, House, line

ASKED = ENGLISH["csat"].format(name="Ada")
LATER = timedelta(hours=25)


async def resolved(*lines: Any) -> House:
    house = House(*lines)
    await house.say("human please")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.desk.act(house.handoff, "resolve", ADA)
    await house.run()
    return house


def rating(house: House) -> Rating | None:
    return house.truth.world.ratings.get(house.handoff)


def buttons(house: House) -> list[str]:
    shown = [p for p in house.channel.shown[-1].parts if isinstance(p, Choices)]
    return [option.value for part in shown for option in part.options]


async def test_resolve_asks_once_with_five_buttons():
    house = await resolved()
    assert house.told().count(ASKED) == 1
    assert buttons(house) == [f"csat:{house.handoff}:{n}" for n in range(1, 6)]
    assert house.conversation().holder == "closed"


async def test_the_customers_end_asks_too():
    house = House()
    await house.say("human please")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.press("end")
    assert house.told()[-1] == ASKED


async def test_a_press_is_kept_and_then_a_comment():
    house = await resolved()
    await house.press(f"csat:{house.handoff}:4", "4")
    assert house.told()[-1] == ENGLISH["csat_thanks"]
    kept = rating(house)
    assert kept is not None
    assert (kept.line, kept.score, kept.comment, kept.at) == ("shop", 4, None, house.clock.now())
    assert buttons(house) == [f"csat:{house.handoff}:comment", f"csat:{house.handoff}:no"]
    await house.press(f"csat:{house.handoff}:comment")
    await house.say("Ada was quick")
    kept = rating(house)
    assert kept is not None
    assert (kept.score, kept.comment) == (4, "Ada was quick")
    assert house.told()[-1] == ENGLISH["csat_noted"]
    assert house.conversation().holder == "closed"
    await house.say(RETURNS.question)
    assert (house.conversation().holder, house.told()[-1]) == ("bot", "By post.")


async def test_no_more_words_end_the_survey():
    house = await resolved()
    await house.press(f"csat:{house.handoff}:5")
    await house.press(f"csat:{house.handoff}:no")
    assert house.told()[-1] == ENGLISH["csat_done"]
    assert house.conversation().survey is None


async def test_who_was_not_content_is_offered_a_person():
    house = await resolved()
    await house.press(f"csat:{house.handoff}:1")
    assert house.told()[-1] == ENGLISH["csat_sorry"]
    assert "person" in buttons(house)
    await house.press("person")
    assert house.conversation().holder == "waiting"


@pytest.mark.parametrize("words", ["5", " 5. ", "5/5", "5 stars", "5\ufe0f\u20e3", "5 out of 5"])
async def test_a_number_alone_is_an_answer(words: str):
    house = await resolved()
    await house.say(words)
    kept = rating(house)
    assert kept is not None
    assert kept.score == 5
    assert house.conversation().holder == "closed"


@pytest.mark.parametrize("words", ["6", "0", "55", "I bought 5 of them", RETURNS.question])
async def test_other_words_are_a_message_like_every_other(words: str):
    house = await resolved()
    await house.say(words)
    assert house.truth.world.ratings == {}
    assert house.conversation().holder == "bot"
    assert house.decisions()[-1] in ("answer", "unknown", "choices")


async def test_a_comment_that_asks_for_a_person_calls_one():
    house = await resolved()
    await house.press(f"csat:{house.handoff}:2")
    await house.press(f"csat:{house.handoff}:comment")
    await house.say("a human please")
    assert house.conversation().holder == "waiting"


async def test_the_first_press_counts():
    house = await resolved()
    handoff = house.handoff
    for score in (4, 4, 1):
        await house.event(Pressed(value=f"csat:{handoff}:{score}"), kind="pressed")
    await house.run()
    assert house.truth.world.ratings[handoff].score == 4
    assert house.told().count(ENGLISH["csat_thanks"]) == 1
    assert house.told()[-1] == ENGLISH["csat_over"]


async def test_somebody_elses_survey_cannot_be_answered():
    house = await resolved()
    theirs = house.handoff
    other = replace(ROOM, room="r2")
    await house.press(f"csat:{theirs}:1", room=other)
    assert house.told(other) == []  # nobody is there: no conversation begins with that
    assert len(house.truth.world.conversations) == 1
    await house.say("hello", room=other)
    await house.press(f"csat:{theirs}:1", room=other)
    assert house.told(other)[-1] == ENGLISH["csat_over"]
    assert house.truth.world.ratings == {}


@pytest.mark.parametrize("value", ["csat:h0:3", "csat:", "csat::", "csat:{h}:9", "csat:{h}:x"])
async def test_an_old_or_odd_press_is_refused_with_words(value: str):
    house = await resolved()
    await house.press(value.format(h=house.handoff))
    assert house.truth.world.ratings == {}
    assert house.told()[-1] == ENGLISH["csat_over"]
    assert house.conversation().holder == "closed"


@pytest.mark.parametrize("ticked", [True, False])
async def test_it_expires(ticked: bool):  # noqa: FBT001  two ways to be late
    house = await resolved(line(reopen_window=timedelta(days=9)))
    house.clock.advance(LATER)
    if ticked:
        await house.clockwork.tick()
        assert house.conversation().survey is None
    await house.press(f"csat:{house.handoff}:5")
    assert house.told()[-1] == ENGLISH["csat_over"]
    assert house.truth.world.ratings == {}
    await house.say("5")
    assert house.conversation().holder == "bot"


async def test_it_is_not_asked_where_the_line_does_not_want_it():
    house = await resolved(line(csat=False))
    assert ASKED not in house.told()


NEEDS_CARE = "i want to end it all"


def caring(*lines: Any) -> House:
    return House(*lines, reader=FakeReader(signals={"self_harm": NEEDS_CARE}))


@pytest.mark.parametrize("moment", ["at once", "while waiting", "while a person is there"])
async def test_it_is_never_asked_after_distress(moment: str):
    house = caring()
    if moment != "at once":
        await house.say("human please")
    if moment == "while a person is there":
        await house.desk.act(house.handoff, "claim", ADA)
    await house.say(NEEDS_CARE)
    if moment != "while a person is there":
        await house.desk.act(house.handoff, "claim", ADA)
    await house.desk.act(house.handoff, "resolve", ADA)
    await house.run()
    assert ASKED not in house.told()
    assert house.told()[-1] == ENGLISH["resolved"].format(name="Ada")


async def test_a_comment_of_somebody_in_need_calls_a_person():
    house = caring()
    await house.say("human please")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.desk.act(house.handoff, "resolve", ADA)
    await house.run()
    await house.press(f"csat:{house.handoff}:2")
    await house.press(f"csat:{house.handoff}:comment")
    await house.say(NEEDS_CARE)
    held = house.conversation()
    assert held.handoff is not None
    assert (held.holder, held.handoff.rule) == ("waiting", "self-harm")


async def test_numbers_do_where_there_are_no_buttons():
    house = await resolved()
    for words in ("4", "4", "1", "Ada was quick"):
        await house.say(words)
    kept = rating(house)
    assert kept is not None
    assert (kept.score, kept.comment) == (4, "Ada was quick")
    assert house.conversation().holder == "closed"
    assert house.conversation().survey is None
    assert house.told().count(ENGLISH["csat_thanks"]) == 1


async def test_a_number_says_that_this_is_all():
    house = await resolved()
    await house.say("1")
    await house.say("2")
    assert house.told()[-1] == ENGLISH["csat_done"]
    kept = rating(house)
    assert kept is not None
    assert kept.score == 1


async def test_a_press_while_another_person_talks_is_kept_and_not_relayed():
    house = await resolved()
    first = house.handoff
    await house.say("human again")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.press(f"csat:{first}:3")
    assert house.truth.world.ratings[first].score == 3
    assert house.conversation().holder == "human"


async def test_the_context_starts_after_the_answers():
    house = await resolved()
    house.clock.advance(timedelta(minutes=1))
    await house.say("5")
    await house.say(RETURNS.question)
    held = house.conversation()
    assert held.boundary is not None
    async with house.truth.transaction() as t:
        said = await t.transcript.read(held.id, after=held.boundary)
    assert "5" not in [e.text() for e in said]

"""The conversation score: for the bot always, for people where a line allows it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.scoring import ANSWER_WITHIN, scores_of
from bot.domain.conversation import Entry
from bot.domain.results import CRITERIA, Score
from tests.unit.core.house import ADA, RETURNS, House, line

DAY = timedelta(days=1)
ALL = dict.fromkeys(CRITERIA, True)


async def over(house: House) -> dict[str, Score]:
    """The scores of the conversation, by party, once it is over."""
    for _ in range(2):
        house.clock.advance(DAY + timedelta(minutes=1))
        await house.clockwork.tick()
    assert house.truth.world.endings
    return {party: score for (_, party), score in house.truth.world.scores.items()}


def met(score: Score) -> dict[str, bool | None]:
    return {name: getattr(score, name) for name in CRITERIA}


async def test_a_good_answer_meets_all_five():
    house = House()
    await house.say(RETURNS.question)
    scores = await over(house)
    assert list(scores) == ["bot"]
    assert met(scores["bot"]) == ALL
    assert (scores["bot"].line, scores["bot"].at) == ("shop", house.clock.now())


@pytest.mark.parametrize("words", ["hello", "human please"])
async def test_where_nothing_was_asked_of_the_bot_nothing_is_scored(words: str):
    house = House()
    await house.say(words)
    if house.conversation().holder == "waiting":
        await house.desk.act(house.handoff, "claim", ADA)
        await house.desk.act(house.handoff, "resolve", ADA)
    assert await over(house) == {}


async def test_the_last_thing_that_was_asked_counts():
    house = House()
    await house.say(RETURNS.question)
    await house.say("zzyzx florp gnarf")
    assert met((await over(house))["bot"]) == ALL | {"answered": False}


async def test_the_same_words_twice_in_a_row_are_not_polite():
    house = House()
    await house.say(RETURNS.question)
    await house.say(RETURNS.question)
    assert (await over(house))["bot"].polite is False


async def transcript(*lines: Any) -> tuple[House, list[Entry]]:
    house = House(*lines)
    await house.say(RETURNS.question)
    return house, list(house.transcript())


async def test_late_uncited_and_undisclosed_words_are_told():
    house, said = await transcript()
    held, now = house.conversation(), house.clock.now()
    question = next(e for e in said if e.author == "customer")
    late = replace(question, sent_at=question.at - ANSWER_WITHIN - timedelta(seconds=1))
    told = [late if e is question else e for e in said]
    assert [s.timely for s in scores_of(held, None, told, now)] == [False]
    old = [replace(e, sent_at=None) for e in said]
    assert [s.timely for s in scores_of(held, None, old, now)] == [True]
    bare = [replace(e, parts=e.parts[:1]) if e.author == "bot" else e for e in said]
    assert [s.grounded for s in scores_of(held, None, bare, now)] == [False]
    plain = [e for e in said if "automated assistant" not in e.text()]
    assert [s.disclosed for s in scores_of(held, None, plain, now)] == [False]


async def with_a_person(*lines: Any, after: timedelta = timedelta(minutes=1)) -> House:
    house = House(*lines)
    await house.say("human please")
    await house.desk.act(house.handoff, "claim", ADA)
    house.clock.advance(after)
    await house.desk.reply(house.handoff, ADA, "Here I am", "k1")
    await house.desk.act(house.handoff, "resolve", ADA)
    await house.run()
    return house


@pytest.mark.parametrize(("minutes", "timely"), [(1, True), (11, False)])
async def test_people_are_scored_where_the_line_allows_it(minutes: int, timely: bool):  # noqa: FBT001  a case
    shop = line(scores_people=True, quiet_reminder=None)
    scores = await over(await with_a_person(shop, after=timedelta(minutes=minutes)))
    assert list(scores) == ["people"]
    assert met(scores["people"]) == dict.fromkeys(CRITERIA) | {"answered": True, "timely": timely}
    assert "Ada" not in repr(scores)
    assert ADA.id not in repr(scores)


@pytest.mark.parametrize("shop", [line(), line(scores_people=True, audience="employees")])
async def test_people_are_not_scored_elsewhere(shop: Any):
    assert await over(await with_a_person(shop)) == {}


async def test_a_request_that_was_taken_back_is_not_scored():
    house = House(line(scores_people=True))
    await house.say("human please")
    await house.press("cancel")
    assert await over(house) == {}

"""After a platform's hours for free words a template asks to write, and a person's words wait."""

from datetime import timedelta

from bot.core.window import HELD, NEVER_CAME, TOO_LATE, WAITING
from bot.core.words import ENGLISH
from bot.domain.errors import Refused, TryLater
from bot.domain.message import Template
from tests.fakes.channel import PLAIN
from tests.unit.core.two_ends import TwoEnds, claimed, without, write

DAY = timedelta(hours=24)
ASKED = ENGLISH["message_waiting"].format(title="the shop")
NOTE = WAITING.format(hours=24)


async def late() -> TwoEnds:
    """A person has a talk whose customer fell silent a day and an hour ago."""
    house = await claimed(customer=without(PLAIN, window=DAY))
    await write(house, "still with you")
    house.clock.advance(DAY + timedelta(hours=1))
    return house


def templates(house: TwoEnds) -> list[Template]:
    return [p for row in house.channel.shown for p in row.parts if isinstance(p, Template)]


async def test_words_wait_behind_one_template_and_follow_when_they_write():
    house = await late()
    before = house.told()
    await write(house, "are you there?")
    await write(house, "your refund is ready")
    (asked,) = templates(house)
    assert (asked.name, asked.values, asked.text) == ("message_waiting", ("the shop",), ASKED)
    assert house.told() == [*before, ""]
    assert house.in_thread() == [NOTE]
    notes = [e.text() for e in house.transcript() if e.kind == "note"]
    assert notes[-1] == NOTE
    await house.say("hi, yes")
    assert house.told()[-2:] == ["are you there?", "your refund is ready"]
    assert len(templates(house)) == 1
    await write(house, "at once again")
    assert house.told()[-1] == "at once again"


async def test_within_the_window_nothing_changes():
    house = await claimed(customer=without(PLAIN, window=DAY))
    house.clock.advance(timedelta(hours=23))
    await write(house, "still with you")
    assert house.told()[-1] == "still with you"
    assert templates(house) == []


async def test_a_template_that_is_refused_is_told_with_the_words():
    house = await late()
    house.channel.failing.append(Refused("not approved yet", remedy="Approve it."))
    await write(house, "are you there?")
    (told,) = house.in_thread()
    assert told.startswith("Not delivered to the customer: not approved yet. Approve it.")
    assert templates(house) == []


async def test_a_platform_that_is_away_is_asked_again():
    house = await late()
    house.channel.failing.append(TryLater(timedelta(seconds=5)))
    await write(house, "are you there?")
    assert templates(house) == []
    house.clock.advance(timedelta(seconds=5))
    house.sweep()
    await house.run()
    assert len(templates(house)) == 1
    assert house.in_thread() == [NOTE]


async def test_who_does_not_write_for_a_week_is_given_up():
    house = await late()
    await write(house, "are you there?")
    house.clock.advance(HELD)
    house.sweep()
    await house.run()
    assert len(templates(house)) == 1
    assert NEVER_CAME in house.in_thread()[-1]


async def test_what_the_bot_says_too_late_is_not_sent():
    house = TwoEnds(customer=without(PLAIN, window=DAY))
    house.channel.failing.append(TryLater(timedelta(seconds=5)))
    await house.say("how do i return something?")
    house.clock.advance(DAY + timedelta(hours=1))
    house.sweep()
    await house.run()
    assert house.told() == []
    assert {e.fault for e in house.transcript() if e.fault} == {TOO_LATE}

"""One thought in several messages gets one answer, once its writer has paused."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.message import Text
from tests.fakes.channel import PLAIN, FakeChannel
from tests.unit.core.house import ROOM, House

PAUSE = timedelta(seconds=2)


def phone() -> House:
    return House(channels=(FakeChannel(abilities=replace(PLAIN, gathers=PAUSE, typing=True)),))


async def later(house: House, seconds: float) -> None:
    house.clock.advance(timedelta(seconds=seconds))
    await house.run()


async def test_three_quick_messages_get_one_answer():
    house = phone()
    for words in ("hi", "how do i", "return something?"):
        await house.say(words)
        await later(house, 1)
    assert house.told() == []
    assert house.channel.progressed[0] == (ROOM, "thinking")
    await later(house, 1)
    assert house.decisions() == ["answer"]
    assert [e.text() for e in house.transcript() if e.author == "customer"] == [
        "hi\nhow do i\nreturn something?"
    ]
    answered = house.told()
    await later(house, 10)
    assert house.told() == answered
    assert [e.state for e in house.truth.world.events.values()] == ["done"] * 3


async def test_who_never_pauses_is_answered_all_the_same():
    house = phone()
    for _ in range(6):
        await house.say("how do i return something?")
        await later(house, 1.5)
    assert house.decisions() == ["answer"]


async def test_what_came_long_after_is_another_thought():
    house = phone()
    await house.event(Text(text="how do i return something?"))
    house.clock.advance(timedelta(minutes=5))
    await house.event(Text(text="how can i pay?"))
    await house.run()
    assert house.decisions() == ["answer"]
    await later(house, 2)
    assert house.decisions() == ["answer", "answer"]


async def test_to_a_person_every_message_goes_at_once():
    house = phone()
    await house.say("human please")
    await later(house, 2)
    assert house.conversation().holder == "waiting"
    before = len(house.decisions())
    await house.say("hurry")
    assert len(house.decisions()) == before + 1


async def test_what_somebody_else_writes_is_their_own_thought():
    house = phone()
    await house.event(Text(text="how do i return something?"))
    await house.event(Text(text="mine, not theirs"), sender="eve")
    await house.run()
    assert house.told() == []
    await later(house, 2)
    assert len(house.decisions()) == 2

"""Events become commits once, whatever fails between; what keeps failing is parked."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.words import ENGLISH
from bot.domain.errors import ConnectorError, Unavailable
from bot.domain.message import Address, Text
from tests.fakes.channel import FakeInsideChannel
from tests.fakes.store import FakeStore
from tests.fakes.world import room_of
from tests.fakes.writer import FakeWriter
from tests.unit.core.house import (
    ADA,
    MAX_TRIES,
    RETURNS,
    ROOM,
    THREAD,
    Crash,
    CrashingStore,
    House,
    line,
)

FAULT = ENGLISH["handed_over_fault"].format(wait="10 minutes")


def events(house: House) -> list[tuple[str, int, str | None]]:
    return [(e.state, e.tries, e.error) for e in house.truth.world.events.values()]


class Broken:
    """A reader that fails as often as it is told, with somebody's words in its message."""

    def __init__(self, house: House, times: int) -> None:
        self.left = times
        self._reader = house.reader

    async def read(self, text: str, *, feelings: bool = False):
        if self.left:
            self.left -= 1
            raise RuntimeError(text)
        return await self._reader.read(text, feelings=feelings)

    def ahead(self, text: str) -> None:
        self._reader.ahead(text)


def broken(house: House, times: int = 99) -> House:
    house.process._reader = Broken(house, times)
    return house


async def test_every_conversation_can_be_changed_again():
    house = House()
    for number in range(5):
        await house.say(RETURNS.question)
        assert house.conversation().revision == number + 1
    assert house.told().count("By post.") == 5


async def test_the_same_event_twice_is_one_turn():
    house = House()
    for _ in range(3):
        await house.say(RETURNS.question, key="fake:same")
    assert house.told().count("By post.") == 1
    assert house.decisions() == ["answer"]


async def test_keys_of_messages_cannot_take_the_place_of_answers():
    house = House()
    base = "fake:r1:k"
    for key in (base, f"{base}#1", f"fake:1:{base}", f"fake:hello:{base}", f"{base}#fault"):
        await house.say(RETURNS.question, key=key)
    assert house.told().count("By post.") == 5
    assert house.decisions() == ["answer"] * 5


async def test_several_customers_in_one_thread_are_known_in_order():
    house = House()
    for sender in ("max", "mia", "max"):
        await house.say(RETURNS.question, sender=sender)
    assert house.conversation().customers == ("max", "mia")
    assert [e.asker for e in house.transcript() if e.author == "customer"] == ["max", "mia", "max"]
    assert house.conversation().last_customer_at == house.clock.now()


@pytest.mark.parametrize("times", [1, MAX_TRIES - 1])
async def test_what_fails_a_few_times_is_tried_again(times: int):
    house = broken(House(), times)
    await house.say(RETURNS.question)
    assert events(house) == [("done", times, "RuntimeError")]
    assert house.told()[-1] == "By post."


async def test_what_keeps_failing_is_parked_and_a_person_called():
    house = broken(House())
    await house.say("a secret")
    await house.press("article:returns")
    assert events(house) == [("parked", MAX_TRIES, "RuntimeError"), ("done", 0, None)]
    assert house.told() == [FAULT]
    held = house.conversation()
    assert held.handoff is not None
    assert (held.holder, held.handoff.reason, held.handoff.summary) == (
        "waiting",
        "fault",
        "a secret",
    )
    assert house.decisions() == ["parked", "relayed"]


async def test_a_fault_while_waiting_or_with_a_person_keeps_the_words_and_says_nothing():
    house = House()
    await house.say("human please")
    held = house.conversation()
    assert held.handoff is not None
    threaded = replace(held, handoff=replace(held.handoff, staff_thread=THREAD))
    house.truth.world.conversations[held.id] = threaded
    said = len(house.told())
    broken(house)
    await house.say("in the waiting room")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.say("with a person")
    assert house.conversation().holder == "human"
    assert house.decisions()[1:] == ["parked", "parked"]
    assert house.told(THREAD) == ["in the waiting room", "with a person"]
    assert len(house.told()) == said + 1  # Ada has joined


async def test_a_fault_after_the_end_calls_a_person_again():
    house = House()
    await house.say("human please")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.desk.act(house.handoff, "resolve", ADA)
    first = house.handoff
    broken(house)
    await house.say("it came back")
    assert house.conversation().holder == "waiting"
    assert house.handoff != first
    assert house.told()[-1] == FAULT


async def test_somebody_joining_whose_turn_fails_calls_nobody():
    house = House()

    async def fail(_turn):
        raise RuntimeError

    house.process._route = fail
    await house.event(kind="joined")
    await house.run()
    assert events(house) == [("parked", MAX_TRIES, "RuntimeError")]
    assert house.channel.started == []
    assert house.truth.world.conversations == {}


async def test_an_address_of_no_line_is_parked_without_a_word():
    house = House()
    nowhere = Address(channel="fake", account="unknown", room="r1")
    await house.say("hello?", room=nowhere)
    assert events(house) == [("parked", MAX_TRIES, "NoLine")]
    assert house.channel.started == []


async def test_a_line_that_has_left_the_settings_is_left():
    it = line(name="it", title="IT", kb="it", addresses=("web:it",))
    house = House(line(), it)
    await house.say(RETURNS.question)
    first = house.conversation()
    house.lines._lines.pop("shop")
    house.lines._names["fake:shop"] = "it"
    await house.say(RETURNS.question)
    second = house.conversation()
    assert second.line == "it"
    assert (second.id != first.id, second.version) == (True, first.version + 1)


async def test_the_database_away_counts_against_nobody():
    house = House()

    async def away(_turn):
        raise Unavailable("away")

    route, house.process._route = house.process._route, away
    await house.event(Text(text=RETURNS.question))
    for _ in range(2 * MAX_TRIES):
        with pytest.raises(Unavailable):
            await house.process.step(room_of(ROOM))
    assert events(house) == [("undone", 0, None)]
    house.process._route = route
    await house.run()
    assert house.told()[-1] == "By post."


async def test_a_press_in_between_has_the_turn_decided_again():
    house = House()
    await house.say("human please")
    await house.desk.act(house.handoff, "claim", ADA)
    route = house.process._route
    seen = []

    async def meanwhile(turn):
        seen.append(turn.conversation.holder)
        if len(seen) == 1:
            await house.desk.act(house.handoff, "hand_back", ADA)
        return await route(turn)

    house.process._route = meanwhile
    await house.say(RETURNS.question)
    assert seen == ["human", "bot"]
    assert house.decisions()[-1] == "answer"
    assert house.told()[-1] == "By post."
    assert events(house)[-1] == ("done", 0, None)


async def test_two_workers_on_one_event_commit_one_turn():
    house = House()
    route = house.process._route

    async def overtaken(turn):
        house.process._route = route
        assert await house.process.step(room_of(ROOM))
        return await route(turn)

    house.process._route = overtaken
    await house.say(RETURNS.question)
    assert house.told().count("By post.") == 1
    assert house.decisions() == ["answer"]
    assert len(house.truth.world.conversations) == 1


@pytest.mark.parametrize("composes", [False, True])
@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("inside", [False, True])
async def test_a_crash_anywhere_leaves_one_turn(composes: bool, committed: bool, inside: bool):  # noqa: FBT001  a table
    for at in range(1, 40):
        truth = FakeStore()
        place = replace(ROOM, channel="web") if inside else ROOM
        channels = (FakeInsideChannel(),) if inside else ()
        first = house_at(truth, CrashingStore(truth, at, committed=committed), composes, channels)
        crashed = await live(first, place)
        second = house_at(truth.twin(), None, composes, (first.channel,))
        truth.die()
        await live(second, place, recovering=True)
        check(second, place, inside=inside, composes=composes)
        if not crashed:
            return
    pytest.fail("it never came through")


def house_at(truth, store, composes, channels) -> House:
    writer = FakeWriter("By post", "you return it.") if composes else None
    return House(writer=writer, truth=truth, store=store, channels=channels)


async def live(house: House, place: Address, *, recovering: bool = False) -> bool:
    """One message to its answer; True if the process died on the way."""
    try:
        if recovering:
            house.sweep()
            await house.run()
        await house.say(RETURNS.question, key=f"{place.channel}:e1", room=place)
        house.clock.advance(timedelta(seconds=5))
    except Crash:
        return True
    return False


def check(house: House, place: Address, *, inside: bool, composes: bool) -> None:
    answer = "By post you return it." if composes else "By post."
    world = house.truth.world
    assert [e.author for e in house.transcript(place)] == ["customer", "system", "bot"]
    assert {e.state for e in world.events.values()} == {"done"}
    assert world.composes == {}
    if inside:
        assert [json.loads(item.body)["text"] for _, item in world.feed.values()][1:] == [answer]
        assert world.outbox == {}
    else:
        assert [row.outbound.text() for row in world.outbox.values()][1:] == [answer]
        assert [row.state for row in world.outbox.values()] == ["sent", "sent"]
        assert house.told()[-1] == answer
        assert len(house.told()) == 2


async def test_a_failing_fault_is_parked_without_a_word():
    house = broken(House())
    house.process._fault = lambda _turn: (_ for _ in ()).throw(ConnectorError("no"))  # type: ignore[method-assign,assignment]  # it fails
    await house.say("a secret")
    assert events(house) == [("parked", MAX_TRIES, "RuntimeError")]
    assert house.channel.started == []


async def test_who_was_never_greeted_is_not_greeted_over_a_person():
    house = broken(House(), MAX_TRIES)
    await house.say("a secret")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.press("end")
    assert not any(words.startswith("Hello!") for words in house.told())
    await house.say(RETURNS.question)
    assert house.told()[-2:] == [ENGLISH["greeting"].format(title="the shop"), "By post."]


@pytest.mark.parametrize("feelings", [True, False])
async def test_feelings_are_read_only_where_the_line_allows_it(feelings: bool):  # noqa: FBT001 - a table
    house = House(line(feelings=feelings))
    await house.say("I am furious")
    await house.say("still furious")
    assert house.reader.felt == (["I am furious", "still furious"] if feelings else [])

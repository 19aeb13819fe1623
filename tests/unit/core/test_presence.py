"""That somebody types is passed between the customer and the claimer, seldom, and never kept."""

from dataclasses import replace

import pytest

from bot.core.presence import EVERY, TYPING, Presence
from bot.domain.ports import Abilities
from tests.fakes.channel import PLAIN, FakeChannel
from tests.fakes.desk import FakeNotices
from tests.unit.core.house import ADA, BEN, EVE, ROOM, House

TYPES = replace(PLAIN, typing=True)


class Typing:
    """A house with a waiting customer, and what is passed on in it."""

    def __init__(self, abilities: Abilities = TYPES) -> None:
        self.house = House(channels=(FakeChannel(abilities=abilities),))
        self.notices = FakeNotices()
        self.presence = Presence(
            self.house.store, self.house.channels, self.notices, self.house.clock
        )

    async def claimed(self) -> str:
        await self.house.say("a human please")
        await self.house.desk.act(self.house.handoff, "claim", ADA)
        return self.house.handoff


async def test_the_customer_sees_that_the_claimer_types():
    made = Typing()
    handoff = await made.claimed()
    before = dict(made.house.truth.world.entries), len(made.house.truth.world.outbox)
    assert await made.presence.staff_types(handoff, ADA)
    assert made.house.channel.progressed == [(ROOM, "typing")]
    assert made.house.channel.typed == ["Ada"]
    assert (made.house.truth.world.entries, len(made.house.truth.world.outbox)) == before


@pytest.mark.parametrize("other", [BEN, EVE])
async def test_nobody_else_is_shown_to_type(other):
    made = Typing()
    handoff = await made.claimed()
    assert not await made.presence.staff_types(handoff, other)
    assert not await made.presence.staff_types("another", ADA)
    assert made.house.channel.progressed == []


async def test_a_channel_that_cannot_show_it_is_not_asked():
    made = Typing(PLAIN)
    assert not await made.presence.staff_types(await made.claimed(), ADA)
    assert made.house.channel.progressed == []


async def test_key_presses_close_together_are_told_once():
    made = Typing()
    handoff = await made.claimed()
    for _ in range(5):
        assert await made.presence.staff_types(handoff, ADA)
    assert len(made.house.channel.typed) == 1
    made.house.clock.advance(EVERY)
    await made.presence.staff_types(handoff, ADA)
    assert len(made.house.channel.typed) == 2


async def test_the_desks_hear_that_the_customer_types_to_a_person():
    made = Typing()
    handoff = await made.claimed()
    async with made.notices.listen("desk") as desk:
        for _ in range(3):
            assert await made.presence.customer_types(ROOM)
        assert await desk.wait(0) == (TYPING + handoff.encode(),)


async def test_the_desks_hear_nothing_of_those_who_talk_with_the_bot():
    made = Typing()
    async with made.notices.listen("desk") as desk:
        assert not await made.presence.customer_types(ROOM)
        await made.house.say("how can i pay?")
        made.house.clock.advance(EVERY)
        assert not await made.presence.customer_types(ROOM)
        assert await desk.wait(0) == ()

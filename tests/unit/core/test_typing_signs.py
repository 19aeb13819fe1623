"""Typing shows at the other end while a person has the customer, and nowhere else."""

from dataclasses import replace

from bot.core.presence import Presence
from bot.core.typing_signs import TypingSigns
from bot.domain.message import Address, Sender
from bot.domain.ports import Typing
from tests.fakes.channel import PLAIN
from tests.fakes.desk import FakeNotices
from tests.unit.core.house import ROOM
from tests.unit.core.two_ends import DESK, THREADED, TwoEnds, claimed, pressed, staffed, without

SHOWS = without(PLAIN, typing=True)


async def types(house: TwoEnds, where: Address, who: str) -> None:
    presence = Presence(house.store, house.channels, FakeNotices(), house.clock)
    signs = TypingSigns(store=house.store, lines=house.lines, staff=house.staff, presence=presence)
    await signs(Typing(address=where, sender=Sender(handle=who)))


async def test_each_end_sees_the_other_type():
    house = await claimed(customer=SHOWS)
    await types(house, house.thread, "ada")
    assert (house.channel.progressed, house.channel.typed) == ([(ROOM, "typing")], ["Ada"])
    await types(house, ROOM, "max")
    assert house.team.progressed == [(house.thread, "typing")]


async def test_nobody_elses_typing_shows():
    house = await claimed(customer=SHOWS)
    for who in ("ben", "eve", "somebody"):
        await types(house, house.thread, who)
    for place in (DESK, replace(DESK, thread="m99")):
        await types(house, place, "ada")
    await types(house, replace(ROOM, room="r2"), "moritz")
    assert (house.channel.progressed, house.team.progressed) == ([], [])


async def test_nothing_shows_while_nobody_has_the_customer():
    house = await staffed(customer=SHOWS)
    await types(house, house.thread, "ada")
    await types(house, ROOM, "max")
    await pressed(house, "claim")
    await pressed(house, "resolve")
    await types(house, house.thread, "ada")
    await types(house, ROOM, "max")
    assert (house.channel.progressed, house.team.progressed) == ([], [])


async def test_nothing_shows_where_the_channel_cannot():
    house = await claimed(staff=without(THREADED, typing=False))
    await types(house, house.thread, "ada")
    await types(house, ROOM, "max")
    assert (house.channel.progressed, house.team.progressed) == ([], [])


async def test_a_database_that_is_away_harms_nobody():
    house = await claimed(customer=SHOWS)
    thread, house.truth.away = house.thread, True
    await types(house, thread, "ada")
    assert house.channel.progressed == []

"""Ratings and ends on PostgreSQL: two presses at once, timers, and what is counted."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.words import ENGLISH
from bot.domain.errors import Conflict
from bot.domain.handoff import Handoff, Rung
from bot.domain.message import Inbound, Pressed
from bot.domain.results import CRITERIA, Score
from bot.domain.transitions import advance
from bot.store.board import PostgresBoard
from bot.store.counts import read_counts
from bot.store.postgres import PostgresStore
from bot.store.results import PostgresTally
from bot.store.transcript import EVER
from tests.conformance.store_words import NOW, conversation
from tests.unit.core.house import ADA, BEN, RETURNS, ROOM, House

pytestmark = pytest.mark.integration
DAY = timedelta(days=1)


async def work(house: House) -> None:
    """Do what a worker of this process would, until nothing is left; lost races are run again."""
    async with house.store.reading() as t:
        room = t.room(ROOM)
    while True:
        try:
            if not await house.process.step(room):
                break
        except Conflict:
            continue
    await house.delivery.deliver(room)


async def said(house: House, words: str) -> None:
    await house.say(words)
    await work(house)


async def handoff_of(house: House) -> str:
    async with house.store.reading() as t:
        held = await t.conversations.at(ROOM)
    assert held is not None
    assert held.handoff is not None
    return held.handoff.id


async def resolved(store: PostgresStore) -> tuple[House, str]:
    house = House(store=store)
    await said(house, "a human please")
    handoff = await handoff_of(house)
    await house.desk.act(handoff, "claim", ADA)
    await house.desk.act(handoff, "resolve", ADA)
    await work(house)
    return house, handoff


async def test_two_presses_at_once_are_one_answer(
    live_store: PostgresStore, twin_store: PostgresStore
):
    house, handoff = await resolved(live_store)
    twin = House(store=twin_store)
    for score in (2, 5):
        await house.event(Pressed(value=f"csat:{handoff}:{score}"), kind="pressed")
    await asyncio.gather(work(house), work(twin))
    tally = PostgresTally(live_store.database)
    counted = await tally.ratings(EVER)
    assert counted == {("shop", 2): 1}  # the first, in the order of their coming
    told = [row.text() for one in (house, twin) for row in one.channel.shown]
    assert told.count(ENGLISH["csat_over"]) == 1
    detail = await PostgresBoard(live_store.database).detail(handoff)
    assert detail is not None
    assert detail.rating is not None
    assert (detail.rating.score, detail.rating.comment) == (2, None)


async def test_a_rating_and_a_message_at_once_lose_nothing(
    live_store: PostgresStore, twin_store: PostgresStore
):
    house, handoff = await resolved(live_store)
    twin = House(store=twin_store)
    events: list[Inbound] = []
    events.append(await house.event(Pressed(value=f"csat:{handoff}:4"), kind="pressed"))
    await house.say(RETURNS.question)
    await asyncio.gather(work(house), work(twin))
    async with live_store.reading() as t:
        held = await t.conversations.at(ROOM)
        assert held is not None
        lines = await t.transcript.read(held.id)
        rating = await t.results.rating(handoff)
    assert rating is not None
    assert [e.decision for e in lines if e.author == "customer"][-2:] == ["csat", "answer"]
    assert held.holder == "bot"


async def test_a_conversation_ends_once_whoever_ticks(
    live_store: PostgresStore, twin_store: PostgresStore
):
    houses = House(store=live_store), House(store=twin_store)
    await said(houses[0], RETURNS.question)
    for _ in range(2):
        for house in houses:
            house.clock.advance(DAY)
        await asyncio.gather(*(house.clockwork.tick() for house in houses))
    tally = PostgresTally(live_store.database)
    assert await tally.endings(EVER) == {("shop", "assumed"): 1}
    assert await tally.endings(houses[0].clock.now() + DAY) == {}
    (scored,) = await tally.scores(EVER)
    assert (scored.line, scored.party, scored.conversations) == ("shop", "bot", 1)
    assert scored.met == dict.fromkeys(CRITERIA, 1)
    assert await tally.scores(houses[0].clock.now() + DAY) == ()
    counts = await read_counts(live_store.database, EVER)
    assert (counts.outcomes, counts.csat) == ({("shop", "assumed"): 1}, {})
    await said(houses[0], RETURNS.question)
    async with live_store.reading() as t:
        held = await t.conversations.at(ROOM)
        assert held is not None
        assert held.end is None


async def test_people_are_counted_together(live_store: PostgresStore):
    rung = Rung(team="support", means="room", wait=DAY)
    for number, person in enumerate((ADA, BEN, ADA)):
        room = replace(ROOM, room=f"r{number}")
        async with live_store.transaction() as t:
            held = conversation(f"c{number}", address=room)
            opened = Handoff(id=f"h{number}", reason="asked", opened_at=NOW, ladder=(rung,))
            waiting = advance(held, "hand_over", now=NOW, handoff=opened)
            await t.conversations.add(advance(waiting, "claim", now=NOW, by=person))
            await t.results.keep(
                Score(conversation=held.id, line="shop", party="people", at=NOW, answered=True)
            )
    (scored,) = await PostgresTally(live_store.database).scores(EVER)
    assert (scored.conversations, scored.people, scored.met) == (3, 2, {"answered": 3})
    assert not scored.enough()

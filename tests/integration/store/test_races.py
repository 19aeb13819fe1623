"""Two connections at one row, in an order that the test decides."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from bot.domain.conversation import Conversation, Timer
from bot.domain.errors import Conflict
from bot.domain.message import Receipt
from bot.domain.ports import OutboxRow, PlainTurn, Shown
from bot.store import events, outbox
from bot.store.database import Database
from bot.store.postgres import PostgresStore, PostgresTransaction
from bot.store.processes import PATIENCE_S as HEART_PATIENCE_S
from bot.store.processes import is_live, prune, workers
from tests.conformance.store_words import HOME, NOW, conversation, event, reply, said
from tests.integration.store.conftest import until_somebody_waits

pytestmark = pytest.mark.integration

RECEIPT = Receipt(message_id="m1", sent_at=NOW)


async def begin(store: PostgresStore) -> None:
    async with store.transaction() as t:
        await t.conversations.add(conversation())
        await t.outbox.add("c1", [reply("r1"), reply("r2")])
        await t.transcript.add("c1", [said("r1"), said("r2")])


async def claim(store: PostgresStore) -> OutboxRow | None:
    async with store.transaction() as t:
        return await t.outbox.claim(t.room(HOME), NOW)


async def take_over(store: PostgresStore) -> Conversation:
    async with store.transaction() as t:
        return await move(t)


async def move(t: PostgresTransaction) -> Conversation:
    held = await t.conversations.get("c1", lock=True)
    assert held is not None
    moved = replace(held, holder="human", version=held.version + 1)
    await t.conversations.save(moved)
    return moved


async def test_a_claim_passes_over_the_row_that_was_settled_meanwhile(
    live_store: PostgresStore, twin_store: PostgresStore
):
    await begin(live_store)
    first = await claim(live_store)
    assert first is not None
    async with asyncio.TaskGroup() as group, live_store.transaction() as t:
        await t.outbox.settle(first.id, "sent", receipt=RECEIPT)
        waiting = group.create_task(claim(twin_store))
        await until_somebody_waits(live_store.database)
    second = waiting.result()
    assert second is not None
    assert second.outbound.key == "r2"


async def test_a_person_claims_after_the_send_that_was_marked_first(
    live_store: PostgresStore, twin_store: PostgresStore
):
    await begin(live_store)
    async with asyncio.TaskGroup() as group, live_store.transaction() as t:
        assert await t.outbox.claim(t.room(HOME), NOW) is not None
        group.create_task(take_over(twin_store))
        await until_somebody_waits(live_store.database)


async def test_a_turn_that_only_talks_waits_for_a_person_and_then_says_nothing(
    live_store: PostgresStore, twin_store: PostgresStore
):
    await begin(live_store)
    assert await live_store.take(event("e1"))
    async with live_store.reading() as t:
        stored = await t.events.next(t.room(HOME))
    assert stored is not None
    shown = [Shown(key="r3", body=b"{}")]
    turn = PlainTurn(event=stored.id, conversation=conversation(), said=[said("r3")], shown=shown)

    async def finish() -> None:
        with pytest.raises(Conflict):
            await twin_store.finish(turn)

    async with asyncio.TaskGroup() as group, live_store.transaction() as t:
        await move(t)
        ending = group.create_task(finish())
        await until_somebody_waits(live_store.database)
        assert not ending.done()
    async with live_store.reading() as t:
        assert await t.events.next(t.room(HOME)) is not None
        assert await t.feed.read(HOME, after=0) == ()


async def test_no_send_starts_after_a_persons_claim(
    live_store: PostgresStore, twin_store: PostgresStore
):
    await begin(live_store)
    async with asyncio.TaskGroup() as group, live_store.transaction() as t:
        await move(t)
        sending = group.create_task(claim(twin_store))
        await until_somebody_waits(live_store.database)
    assert sending.result() is None
    async with live_store.transaction() as t:
        assert await t.transcript.read("c1") == ()


async def test_a_draft_holds_the_holder_until_its_commit(
    live_store: PostgresStore, twin_store: PostgresStore
):
    await begin(live_store)
    async with asyncio.TaskGroup() as group, live_store.transaction() as t:
        assert await t.feed.holds("c1", 1)
        moving = group.create_task(take_over(twin_store))
        await until_somebody_waits(live_store.database)
        assert await t.feed.holds("c1", 1)
    assert moving.result().version == 2


async def test_due_timers_that_another_is_taking_are_skipped(
    live_store: PostgresStore, twin_store: PostgresStore
):
    await begin(live_store)
    early = Timer(kind="rung", conversation="c1", due_at=NOW - timedelta(seconds=1), version=1)
    late = replace(early, kind="reminder", due_at=NOW)
    async with live_store.transaction() as t:
        await t.timers.set(early)
        await t.timers.set(late)
    async with live_store.transaction() as t, twin_store.transaction() as u:
        assert await t.timers.take_due(NOW, limit=1) == (early,)
        assert await u.timers.take_due(NOW) == (late,)


async def test_feed_places_show_in_order(live_store: PostgresStore, twin_store: PostgresStore):
    async def add_second() -> int:
        async with twin_store.transaction() as t:
            return await t.feed.add(HOME, "f2", b"{}")

    async with asyncio.TaskGroup() as group, live_store.transaction() as t:
        assert await t.feed.add(HOME, "f1", b"{}") == 1
        second = group.create_task(add_second())
        await until_somebody_waits(live_store.database)
        async with live_store.transaction() as u:
            assert await u.feed.read(HOME, after=0) == ()
    assert second.result() == 2


async def test_a_mark_that_was_never_committed_is_nobodys(live_store: PostgresStore):
    await begin(live_store)

    async def cancelled() -> None:
        async with live_store.transaction() as t:
            await t.outbox.claim(t.room(HOME), NOW)
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await cancelled()
    assert live_store._sending == set()


async def test_hearts(live_store: PostgresStore, twin_store: PostgresStore):
    database = live_store.database
    p = database.tables["processes"]
    aged = func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, 0, HEART_PATIENCE_S + 1)
    long_dead = func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 2)
    async with database.begin() as c:
        assert await workers(c, database.tables) == 2
        await c.execute(p.update().where(p.c.id == twin_store.me).values(seen_at=aged))
        assert not await is_live(c, database.tables, twin_store.me)
        assert await is_live(c, database.tables, live_store.me)
        assert not await is_live(c, database.tables, None)
        assert await workers(c, database.tables) == 1
        await c.execute(p.update().where(p.c.id == twin_store.me).values(seen_at=long_dead))
        await prune(c, database.tables)
        assert list((await c.execute(select(p.c.id))).scalars()) == [live_store.me]


async def test_looking_for_work_uses_the_small_indexes(database: Database):
    """Also with the generic plan that a prepared statement may get."""
    dialect = database.engine.dialect
    async with database.begin() as connection:
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        for index, build in (("events_undone", events._next), ("outbox_open", outbox._head)):
            words = str(build(database.tables).compile(dialect=dialect))
            generic = re.sub(r"%\((\w+)\)s", lambda m: "$1" if m[1] == "in_room" else "1", words)
            plan = await connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {generic}")
            assert index in "".join(plan.scalars())

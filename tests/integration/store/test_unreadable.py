"""A row that cannot be opened is set aside: it holds up neither its room nor the tools."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.domain.conversation import Conversation
from bot.domain.errors import Unreadable
from bot.domain.message import Address, Inbound, Outbound, Sender, Text
from bot.store.postgres import PostgresStore
from bot.store.pulse import Pulse
from bot.store.tidy import tidy
from tests.fakes.clock import START

pytestmark = pytest.mark.integration

ROOM = Address(channel="web", account="shop", room="r1")
EVENT = Inbound(
    key="web:r1:1",
    trace="t",
    address=ROOM,
    sender=Sender(handle="r1"),
    parts=(Text(text="hello"),),
    sent_at=START,
)
ROW = Outbound(
    key="a", address=ROOM, parts=(Text(text="x"),), author="system", trace="t", holder_version=1
)


async def spoil(store: PostgresStore, table: str) -> None:
    """Overwrite the first body of a table, as a disk or a lost key would."""
    first = f"(SELECT min(id) FROM {table})"  # noqa: S608  our own table names
    async with store.database.begin() as connection:
        await connection.execute(text(f"UPDATE {table} SET body = '\\x01ff' WHERE id = {first}"))  # noqa: S608  as above


async def test_an_event_is_named_and_can_be_parked_and_listed(live_store: PostgresStore):
    async with live_store.transaction() as transaction:
        await transaction.events.add(EVENT)
        await transaction.events.add(replace(EVENT, key="web:r1:2"))
    await spoil(live_store, "events")
    async with live_store.transaction() as transaction:
        room = transaction.room(ROOM)
        with pytest.raises(Unreadable) as unread:
            await transaction.events.next(room)
        await transaction.events.failed(unread.value.row, "Unreadable", park=True)
        following = await transaction.events.next(room)
        parked = await transaction.events.parked()
    assert following is not None
    assert following.event.key == "web:r1:2"
    assert [p.error for p in parked] == ["Unreadable"]


async def test_a_message_is_refused_and_the_next_one_goes_out(live_store: PostgresStore):
    held = Conversation(id="c1", line="shop", address=ROOM, opened_at=START, revision=1)
    async with live_store.transaction() as transaction:
        await transaction.conversations.add(held)
        await transaction.outbox.add("c1", (ROW, replace(ROW, key="b")))
    await spoil(live_store, "outbox")
    async with live_store.transaction() as transaction:
        claimed = await transaction.outbox.claim(transaction.room(ROOM), START)
    assert claimed is not None
    assert claimed.outbound.key == "b"


async def test_nothing_is_taken_over_while_our_own_heart_is_not_steady(
    live_store: PostgresStore, twin_store: PostgresStore
):
    held = Conversation(id="c1", line="shop", address=ROOM, opened_at=START, revision=1)
    async with twin_store.transaction() as transaction:
        await transaction.conversations.add(held)
        await transaction.outbox.add("c1", (ROW,))
        assert await transaction.outbox.claim(transaction.room(ROOM), START)
    async with twin_store.database.begin() as connection:
        await connection.execute(text("DELETE FROM processes"))  # every heart looks stopped
    live_store.pulse = Pulse()
    async with live_store.transaction() as transaction:
        assert await transaction.outbox.claim(transaction.room(ROOM), START) is None
    live_store.pulse = None
    async with live_store.transaction() as transaction:
        assert await transaction.outbox.claim(transaction.room(ROOM), START)


async def test_what_is_old_and_settled_goes_and_what_is_open_stays(live_store: PostgresStore):
    held = Conversation(id="c1", line="shop", address=ROOM, opened_at=START, revision=1)
    async with live_store.transaction() as transaction:
        await transaction.conversations.add(held)
        await transaction.outbox.add("c1", (ROW, replace(ROW, key="b")))
        claimed = await transaction.outbox.claim(transaction.room(ROOM), START)
        assert claimed
        await transaction.outbox.settle(claimed.id, "sent")
        await transaction.events.add(EVENT)
    async with live_store.database.begin() as connection:
        assert await tidy(connection, live_store.database.tables) == 0
        await connection.execute(text("UPDATE outbox SET settled_at = settled_at - interval '8 d'"))
        await connection.execute(text("UPDATE events SET received_at = now() - interval '99 d'"))
        assert await tidy(connection, live_store.database.tables) == 1
        await connection.execute(text("UPDATE events SET state = 'done'"))
        assert await tidy(connection, live_store.database.tables) == 1

"""Whole transcripts for reports: those of the lines asked for, in their time, in their order."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.conversation import Conversation, Entry
from bot.domain.message import Address, Text
from bot.store.database import Database
from bot.store.postgres import PostgresStore
from bot.store.told import PostgresTold

pytestmark = pytest.mark.integration

NOW = datetime.now(UTC)  # noqa: TID251  the database's own clock marks what was updated
EVER = NOW - timedelta(days=400)


async def put(store: PostgresStore, name: str, line: str, *said: tuple[str, datetime]) -> None:
    async with store.transaction() as transaction:
        place = Address(channel="web", account=line, room=name)
        one = Conversation(id=name, line=line, address=place, opened_at=NOW, revision=1)
        await transaction.conversations.add(one)
        entries = [
            Entry(
                key=f"{name}:{n}",
                kind="said",
                author="customer",
                parts=(Text(text=words),),
                at=at,
            )
            for n, (words, at) in enumerate(said)
        ]
        await transaction.transcript.add(name, entries)


async def read(database: Database, since: datetime = EVER, most: int = 1000) -> list[list[str]]:
    archive = PostgresTold(database)
    found = archive.transcripts(("shop",), since=since, most=most)
    return sorted([[entry.text() for entry in entries] async for entries in found])


async def test_transcripts_come_whole_and_in_order(database: Database, live_store: PostgresStore):
    await put(live_store, "a", "shop", ("one", NOW), ("two", NOW), ("three", NOW))
    await put(live_store, "b", "shop", ("four", NOW))
    await put(live_store, "c", "it", ("hidden", NOW))
    await put(live_store, "d", "shop")
    assert await read(database) == [["four"], ["one", "two", "three"]]


async def test_old_words_and_too_many_conversations_are_left_out(
    database: Database, live_store: PostgresStore
):
    await put(live_store, "a", "shop", ("old", NOW - timedelta(days=30)), ("new", NOW))
    assert await read(database, since=NOW - timedelta(days=1)) == [["new"]]
    await put(live_store, "b", "shop", ("newest", NOW))
    assert await read(database, most=1) == [["newest"]]


async def test_many_conversations_are_read_piece_by_piece(
    database: Database, live_store: PostgresStore
):
    for number in range(205):
        await put(live_store, f"c{number}", "shop", (f"{number:03}", NOW))
    assert await read(database) == [[f"{number:03}"] for number in range(205)]

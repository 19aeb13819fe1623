"""Announcements between processes: topics, secrecy, and a connection that was lost."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.domain.desk import Subscription
from bot.store.database import Database
from bot.store.keyring import Keyring
from bot.store.modes import PostgresModes
from bot.store.postgres import PostgresStore
from tests.conformance.store_words import AWAY, HOME, conversation, handoff
from tests.integration.conftest import KEYRING
from tests.integration.store.conftest import DEFERRAL, PATIENCE_S, hearing

pytestmark = pytest.mark.integration


async def next_of(subscription: Subscription, count: int = 1) -> list[bytes]:
    heard: list[bytes] = []
    async with asyncio.timeout(PATIENCE_S):
        while len(heard) < count:
            heard.extend(await subscription.wait(PATIENCE_S))
    return heard


async def test_all_processes_hear_what_one_tells(database: Database):
    async with (
        hearing(database) as mine,
        hearing(database) as others,
        mine.listen("desk") as here,
        others.listen("desk") as there,
    ):
        await mine.tell("desk", b"typing:h1")
        assert await next_of(here) == await next_of(there) == [b"typing:h1"]


async def test_a_room_hears_of_its_feed_and_its_signals(live_store: PostgresStore):
    async with (
        hearing(live_store.database) as notices,
        notices.listen(f"room:{HOME.key()}") as home,
        notices.listen(f"room:{AWAY.key()}") as away,
    ):
        async with live_store.transaction() as t:
            await t.feed.add(HOME, "f1", b"{}")
            await t.feed.signal(HOME, "a draft, 東京".encode())
            assert await home.wait(0) == ()
        assert await next_of(home, 2) == [b"1 {}", "a draft, 東京".encode()]
        async with live_store.transaction() as t:
            await t.feed.add(HOME, "f1", b"{}")  # known: nobody is woken
            await t.feed.add(AWAY, "f2", b"{}")
        assert await next_of(away) == [b"1 {}"]
        assert await home.wait(0) == ()


@pytest.mark.parametrize(("letters", "carried"), [(5000, True), (6000, False), (200_000, False)])
async def test_an_item_too_long_to_be_announced_is_read_again(
    live_store: PostgresStore,
    letters: int,
    carried: bool,  # noqa: FBT001  a table
):
    body = b"x" * letters
    async with (
        hearing(live_store.database) as notices,
        notices.listen(f"room:{HOME.key()}") as home,
    ):
        async with live_store.transaction() as t:
            await t.feed.add(HOME, "f1", body)
        assert await next_of(home) == [b"1 " + body if carried else b""]
    async with live_store.reading() as t:
        assert [item.body for item in await t.feed.read(HOME, after=0)] == [body]


async def test_desks_and_modes_have_their_topics(live_store: PostgresStore):
    async with (
        hearing(live_store.database) as notices,
        notices.listen("desk") as desk,
        notices.listen("modes") as modes,
    ):
        async with live_store.transaction() as t:
            waiting = replace(conversation(), holder="waiting", handoff=handoff("h1"))
            await t.conversations.add(waiting)
        assert await next_of(desk) == [b"h1"]
        await PostgresModes(live_store.database).switch("shop", "off", by="ada")
        assert await next_of(modes) == [b"shop"]


async def test_a_long_draft_passes_and_a_hopeless_one_breaks_nothing(live_store: PostgresStore):
    draft = "".join(f"Sentence {n} of a long answer about returns. " for n in range(200)).encode()
    async with (
        hearing(live_store.database) as notices,
        notices.listen(f"room:{HOME.key()}") as home,
    ):
        noise = bytes(n * n % 251 for n in range(60_000))
        async with live_store.transaction() as t:
            await t.feed.signal(HOME, KEYRING.seal(noise, place="noise"))
            await t.feed.signal(HOME, draft)
        assert await next_of(home) == [draft]


async def test_a_lost_connection_wakes_everybody_and_comes_back(live_store: PostgresStore):
    kill = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'careline notices'"
    )
    async with (
        hearing(live_store.database) as notices,
        notices.listen(f"room:{HOME.key()}") as home,
    ):
        async with live_store.database.begin() as connection:
            assert (await connection.execute(kill)).scalar_one()
        assert await next_of(home, 2) == [b"", b""]  # lost, and back
        async with live_store.transaction() as t:
            await t.feed.signal(HOME, b"again")
        assert await next_of(home) == [b"again"]


async def test_a_signal_under_a_key_that_is_missing_is_passed_over(
    live_store: PostgresStore, clean_url: str
):
    rotated = Keyring({1: bytes(range(32)), 2: bytes(32)}, pepper=b"pepper of the tests")
    ahead = Database(clean_url, rotated)
    async with (
        hearing(live_store.database) as notices,
        notices.listen(f"room:{HOME.key()}") as home,
    ):
        async with PostgresStore(ahead, DEFERRAL).transaction() as t:
            await t.feed.signal(HOME, b"unreadable")
        async with live_store.transaction() as t:
            await t.feed.signal(HOME, b"readable")
        assert await next_of(home) == [b"readable"]
    await ahead.close()


async def test_who_stopped_listening_is_forgotten(live_store: PostgresStore):
    async with hearing(live_store.database) as notices:
        async with notices.listen("desk"), notices.listen("desk"):
            pass
        assert notices._topics == {}

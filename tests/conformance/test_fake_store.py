"""The store in memory does what the suite says."""

from collections.abc import Awaitable, Callable

import pytest
from typing_extensions import override

from bot.domain.errors import Unavailable
from bot.domain.ports import Job
from tests.conformance.store_suite import StoreSuite
from tests.conformance.store_words import HOME, event
from tests.fakes.store import FakeStore


class TestFakeStore(StoreSuite):
    @pytest.fixture
    @override
    def store(self) -> FakeStore:
        return FakeStore()

    @pytest.fixture
    @override
    def other(self, store: FakeStore) -> FakeStore:
        return store.twin()

    @pytest.fixture
    @override
    def bury(self, other: FakeStore) -> Callable[[], Awaitable[None]]:
        async def stop() -> None:
            other.die()

        return stop

    @pytest.fixture
    @override
    def started(self, store: FakeStore) -> Callable[[], Awaitable[list[Job]]]:
        async def jobs() -> list[Job]:
            return store.jobs

        return jobs


async def test_a_database_that_is_away_says_so():
    store = FakeStore()
    store.away = True
    with pytest.raises(Unavailable):
        async with store.transaction():
            pass


async def test_a_database_that_goes_away_keeps_nothing():
    store = FakeStore()

    async def accept() -> None:
        async with store.transaction() as t:
            await t.events.add(event("e1"))
            store.away = True

    with pytest.raises(Unavailable):
        await accept()
    store.away = False
    async with store.transaction() as t:
        assert await t.events.next(t.room(HOME)) is None


async def test_announcements_are_heard_after_the_commit():
    heard: list[tuple[str, bytes]] = []
    store = FakeStore(announce=lambda topic, payload: heard.append((topic, payload)))
    async with store.transaction() as t:
        await t.feed.add(HOME, "f1", b"{}")
        await t.feed.signal(HOME, b"draft")
        assert heard == []
    topic = f"room:{HOME.key()}"
    assert heard == store.announced == [(topic, b"1 {}"), (topic, b"draft")]


async def test_a_transaction_inside_another_is_a_mistake():
    store = FakeStore()
    async with store.transaction():
        with pytest.raises(RuntimeError):
            async with store.transaction():
                pass

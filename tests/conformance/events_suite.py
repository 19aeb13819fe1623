"""What every `Store` must do with events: taken once, in order, done once."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.errors import Conflict
from bot.domain.message import Address
from bot.domain.ports import Store
from tests.conformance.store_words import AWAY, EVERY_PART, HOME, event


class EventsSuite:
    """Part of `StoreSuite`."""

    async def test_an_event_is_taken_once(self, store: Store):
        async with store.transaction() as t:
            assert await t.events.add(event("e1"))
            assert not await t.events.add(event("e1", address=AWAY))
        async with store.transaction() as t:
            assert not await t.events.add(event("e1"))

    async def test_the_same_event_at_once_is_taken_once(self, store: Store, other: Store):
        async def add(where: Store) -> bool:
            async with where.transaction() as t:
                return await t.events.add(event("e1"))

        taken = await asyncio.gather(*(add(s) for s in (store, other) * 4))
        assert taken.count(True) == 1

    async def test_what_is_done_at_once_is_never_next(self, store: Store):
        async with store.transaction() as t:
            assert await t.events.add(event("e1"), done=True)
            assert await t.events.next(t.room(HOME)) is None
        async with store.transaction() as t:
            assert not await t.events.add(event("e1"))
            assert not await t.events.add(event("e1"), done=True)

    async def test_an_event_comes_back_whole(self, store: Store):
        for kept in (event("e1", parts=EVERY_PART), replace(event("e2"), kind="joined", parts=())):
            async with store.transaction() as t:
                await t.events.add(kept)
            async with store.transaction() as t:
                stored = await t.events.next(t.room(HOME))
                assert stored is not None
                assert (stored.event, stored.tries) == (kept, 0)
                await t.events.done(stored.id)

    async def test_events_come_oldest_first_per_room(self, store: Store):
        async with store.transaction() as t:
            for key, address in (("e1", HOME), ("e2", AWAY), ("e3", HOME)):
                await t.events.add(event(key, address=address))
        assert await _drain(store, HOME) == ["e1", "e3"]
        assert await _drain(store, AWAY) == ["e2"]

    async def test_a_burst_is_all_that_is_undone(self, store: Store):
        async with store.transaction() as t:
            await t.events.add(event("e0"), done=True)
            for key, address in (("e1", HOME), ("e2", AWAY), ("e3", HOME)):
                await t.events.add(event(key, address=address))
            burst = await t.events.burst(t.room(HOME))
            assert [one.event.key for one in burst] == ["e1", "e3"]
            await t.events.done(burst[0].id)
            (left,) = await t.events.burst(t.room(HOME))
            assert left.event.key == "e3"

    async def test_an_event_is_done_once(self, store: Store):
        async with store.transaction() as t:
            await t.events.add(event("e1"))
            stored = await t.events.next(t.room(HOME))
        assert stored is not None
        async with store.transaction() as t:
            assert not await t.events.done(stored.id)
        with pytest.raises(Conflict):
            async with store.transaction() as t:
                await t.events.done(stored.id)

    async def test_a_done_event_tells_whether_its_room_has_another(self, store: Store):
        async with store.transaction() as t:
            for key, address in (("e1", HOME), ("e2", HOME), ("e3", AWAY)):
                await t.events.add(event(key, address=address))
        for more in (True, False):
            async with store.reading() as t:
                stored = await t.events.next(t.room(HOME))
            assert stored is not None
            async with store.transaction() as t:
                assert await t.events.done(stored.id) is more

    async def test_reading_sees_what_is_committed(self, store: Store, other: Store):
        async with store.reading() as t:
            assert await t.events.next(t.room(HOME)) is None
            async with other.transaction() as u:
                await u.events.add(event("e1"))
        async with store.reading() as t:
            found = await t.events.next(t.room(HOME))
        assert found is not None
        assert found.event == event("e1")

    async def test_a_failure_is_counted_and_the_event_stays_first(self, store: Store):
        await _accept(store, "e1", "e2")
        for tries in (1, 2):
            async with store.transaction() as t:
                stored = await t.events.next(t.room(HOME))
                assert stored is not None
                await t.events.failed(stored.id, "ValueError", park=False)
            async with store.transaction() as t:
                again = await t.events.next(t.room(HOME))
                assert again is not None
                assert (again.event.key, again.tries) == ("e1", tries)

    async def test_a_parked_event_lets_the_next_one_pass(self, store: Store):
        await _accept(store, "e1", "e2")
        async with store.transaction() as t:
            stored = await t.events.next(t.room(HOME))
            assert stored is not None
            await t.events.failed(stored.id, "ValueError", park=True)
        with pytest.raises(Conflict):
            async with store.transaction() as t:
                await t.events.done(stored.id)
        assert await _drain(store, HOME) == ["e2"]


async def _accept(store: Store, *keys: str) -> None:
    async with store.transaction() as t:
        for key in keys:
            await t.events.add(event(key))


async def _drain(store: Store, address: Address) -> list[str]:
    keys: list[str] = []
    while True:
        async with store.transaction() as t:
            stored = await t.events.next(t.room(address))
            if stored is None:
                return keys
            await t.events.done(stored.id)
        keys.append(stored.event.key)

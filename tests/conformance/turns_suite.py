"""What every `Store` must do about turns: what an event falls into, and how a plain one ends."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.conversation import Entry
from bot.domain.errors import Conflict
from bot.domain.ports import PlainTurn, Shown, Store, StoredEvent
from tests.conformance.store_words import HOME, SECOND, conversation, event, said


class TurnsSuite:
    """Part of `StoreSuite`."""

    async def test_an_event_comes_with_its_conversation_and_the_last_lines(self, store: Store):
        await store.take(event("e9"))
        found = await _next(store, recall=2)
        assert (found.known, tuple(found.history)) == (None, ())
        await _begin(store)
        found = await _next(store, recall=2)
        assert (found.known, len(found.history)) == (conversation(), 0)
        await _say(store, said("e1"), said("e2"), said("e3"))
        found = await _next(store, recall=2)
        assert found.known == conversation()
        async with store.reading() as t:
            assert tuple(found.history) == await t.transcript.read("c1", limit=2)
        entries = found.history
        assert [entry.key for entry in entries] == ["e2", "e3"]
        assert [entry.key for entry in (entries[-1], *entries[:1])] == ["e3", "e2"]

    async def test_what_was_said_before_the_boundary_is_not_recalled(self, store: Store):
        await store.take(event("e9"))
        await _begin(store)
        await _say(store, said("e1"))
        async with store.transaction() as t:
            held = await t.conversations.at(HOME)
            assert held is not None
            await t.conversations.save(replace(held, boundary=said("e1").at))
        await _say(store, replace(said("e2"), at=said("e1").at + SECOND))
        found = await _next(store, recall=20)
        assert [entry.key for entry in found.history] == ["e2"]

    async def test_a_plain_turn_ends_in_one_commit(self, store: Store):
        await _begin(store)
        await store.take(event("e1"), shown=b'{"n": 1}')
        await store.take(event("e2"))
        first = await _next(store)
        held = replace(conversation(), greeted=True)
        told = (said("e1"), said("r1", author="bot"))
        shown = (Shown(key="r0", body=b'{"n": 2}'), Shown(key="r1", body=b'{"n": 3}'))
        turn = PlainTurn(event=first.id, conversation=held, said=told, shown=shown)
        assert await store.finish(turn)
        second = await _next(store, recall=9)
        assert second.event == event("e2")
        assert second.known == replace(held, revision=held.revision + 1)
        assert [entry.key for entry in second.history] == ["e1", "r1"]
        async with store.reading() as t:
            items = await t.feed.read(HOME, after=0)
        assert [(i.seq, i.body) for i in items] == [
            (1, b'{"n": 1}'),
            (2, b'{"n": 2}'),
            (3, b'{"n": 3}'),
        ]
        last = PlainTurn(event=second.id, conversation=second.known, said=(), shown=shown)
        assert not await store.finish(last)
        async with store.reading() as t:
            assert len(await t.feed.read(HOME, after=0)) == len(items)

    async def test_a_plain_turn_that_came_too_late_does_nothing(self, store: Store, other: Store):
        await _begin(store)
        await store.take(event("e1"))
        first = await _next(store)
        turn = _talk(first)
        async with other.transaction() as t:
            await t.conversations.save(replace(conversation(), holder="human", version=2))
        with pytest.raises(Conflict):
            await store.finish(turn)
        again = await _next(store, recall=9)
        assert (again.event, again.history) == (event("e1"), again.history)
        assert len(again.history) == 0
        async with other.transaction() as t:
            await t.events.done(first.id)
        assert again.known is not None
        with pytest.raises(Conflict):
            await store.finish(replace(turn, conversation=again.known))
        async with store.reading() as t:
            assert await t.conversations.at(HOME) == again.known
            assert await t.transcript.read("c1") == ()
            assert await t.feed.read(HOME, after=0) == ()

    async def test_the_same_turn_ended_at_once_ends_once(self, store: Store, other: Store):
        await _begin(store)
        await store.take(event("e1"))
        first = await _next(store)
        turn = _talk(first)
        ends = await asyncio.gather(
            *(s.finish(turn) for s in (store, other) * 3), return_exceptions=True
        )
        assert sum(end is False for end in ends) == 1
        assert sum(isinstance(end, Conflict) for end in ends) == len(ends) - 1
        async with store.reading() as t:
            assert [item.seq for item in await t.feed.read(HOME, after=0)] == [1]


async def _next(store: Store, *, recall: int = 0) -> StoredEvent:
    async with store.reading() as t:
        found = await t.events.next(t.room(HOME), recall=recall)
    assert found is not None
    return found


def _talk(of: StoredEvent) -> PlainTurn:
    """A turn that says one thing, whose item comes twice: it is shown once."""
    row = Shown(key="r1", body=b"{}")
    return PlainTurn(event=of.id, conversation=conversation(), said=[said("r1")], shown=[row, row])


async def _begin(store: Store) -> None:
    async with store.transaction() as t:
        await t.conversations.add(conversation())


async def _say(store: Store, *entries: Entry) -> None:
    async with store.transaction() as t:
        await t.transcript.add("c1", entries)

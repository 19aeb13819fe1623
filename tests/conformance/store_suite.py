"""What every `Store` must do, whatever keeps it: events, conversations, transcripts and more."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.conversation import Entry, Timer, TimerKind
from bot.domain.errors import Conflict
from bot.domain.message import Address
from bot.domain.ports import Job, Store
from tests.conformance.composing_suite import ComposingSuite, a_compose
from tests.conformance.consents_suite import ConsentsSuite
from tests.conformance.events_suite import EventsSuite
from tests.conformance.outbox_suite import OutboxSuite
from tests.conformance.results_suite import ResultsSuite
from tests.conformance.store_words import (
    AWAY,
    EVERY_PART,
    HOME,
    NOW,
    SECOND,
    THREAD,
    conversation,
    event,
    full_conversation,
    handoff,
    reply,
    said,
)
from tests.conformance.turns_suite import TurnsSuite


class Stop(Exception):
    """Ends a transaction in the middle."""


class StoreSuite(EventsSuite, OutboxSuite, ComposingSuite, ResultsSuite, TurnsSuite, ConsentsSuite):
    """Subclass it and give it an empty store; `other` is another process on the same data."""

    @pytest.fixture
    def started(self, store: Store) -> Callable[[], Awaitable[list[Job]]]:
        """Tells the jobs that were started."""
        raise NotImplementedError

    # --- the commit ---------------------------------------------------------------------------

    async def test_what_raises_has_never_happened(
        self, store: Store, started: Callable[[], Awaitable[list[Job]]]
    ):
        async def stop_halfway() -> None:
            async with store.transaction() as t:
                await t.events.add(event("e1"))
                await t.conversations.add(conversation())
                await t.transcript.add("c1", [said("e1")])
                await t.outbox.add("c1", [reply("r1")])
                await t.timers.set(_timer("rung"))
                await t.composing.add(a_compose("p1"))
                await t.feed.add(HOME, "f1", b"{}")
                await t.later(Job(kind="handle", room=t.room(HOME)))
                raise Stop

        with pytest.raises(Stop):
            await stop_halfway()
        async with store.transaction() as t:
            assert await t.events.next(t.room(HOME)) is None
            assert await t.conversations.at(HOME) is None
            assert await t.transcript.read("c1") == ()
            assert await t.outbox.claim(t.room(HOME), NOW) is None
            assert await t.timers.take_due(NOW) == ()
            assert await t.composing.get("p1") is None
            assert await t.feed.read(HOME, after=0) == ()
            assert await t.events.add(event("e1"))
        assert await started() == []

    async def test_jobs_start_with_the_commit(
        self, store: Store, started: Callable[[], Awaitable[list[Job]]]
    ):
        async with store.transaction() as t:
            handle = Job(kind="handle", room=t.room(HOME))
            compose = Job(kind="compose", room="c1", ref="p1")
            await t.later(handle)
            await t.later(compose)
        assert await started() == [handle, compose]

    async def test_a_transaction_sees_its_own_changes(self, store: Store):
        async with store.transaction() as t:
            await t.events.add(event("e1"))
            assert await t.events.next(t.room(HOME)) is not None

    async def test_a_room_has_one_name_that_tells_nothing(self, store: Store):
        async with store.transaction() as t:
            first, again = t.room(HOME), t.room(replace(HOME))
            assert first == again
            assert (
                len({first, t.room(AWAY), t.room(THREAD), t.room(replace(THREAD, thread=""))}) == 4
            )
            assert HOME.room not in first

    async def test_an_event_is_taken_in_with_its_work_and_its_echo(
        self, store: Store, other: Store, started: Callable[[], Awaitable[list[Job]]]
    ):
        assert await store.take(event("e1"), shown=b'{"n": 1}')
        assert not await other.take(event("e1"), shown=b'{"n": 2}')
        assert await store.take(event("e2"))
        async with store.reading() as t:
            room = t.room(HOME)
            stored = await t.events.next(room)
            items = await t.feed.read(HOME, after=0)
        assert stored is not None
        assert stored.event == event("e1")
        assert [(item.seq, item.body) for item in items] == [(1, b'{"n": 1}')]
        assert await started() == [Job(kind="handle", room=room)] * 2

    async def test_the_same_event_taken_in_at_once_is_taken_once(
        self, store: Store, other: Store, started: Callable[[], Awaitable[list[Job]]]
    ):
        takers = (store.take(event("e1"), shown=b"{}"), other.take(event("e1"), shown=b"{}"))
        assert sorted(await asyncio.gather(*takers)) == [False, True]
        assert len(await started()) == 1
        async with store.reading() as t:
            assert [item.seq for item in await t.feed.read(HOME, after=0)] == [1]

    # --- conversations ------------------------------------------------------------------------

    async def test_a_conversation_comes_back_whole(self, store: Store):
        kept = full_conversation()
        async with store.transaction() as t:
            await t.conversations.add(kept)
        async with store.transaction() as t:
            assert await t.conversations.at(THREAD) == kept
            assert await t.conversations.get("c1") == kept
            assert await t.conversations.get("c1", lock=True) == kept
            assert await t.conversations.by_handoff("h1", lock=True) == kept

    async def test_a_conversation_is_found_by_its_staff_thread(self, store: Store):
        kept = replace(full_conversation(), address=HOME)
        async with store.transaction() as t:
            await t.conversations.add(kept)
            assert await t.conversations.by_thread(THREAD, lock=True) == kept
            assert await t.conversations.by_thread(replace(THREAD, thread=None)) is None
            assert await t.conversations.by_thread(HOME) is None
        later = replace(kept, handoff=replace(handoff("h2"), staff_thread=None))
        async with store.transaction() as t:
            await t.conversations.save(later)
            found = await t.conversations.by_thread(THREAD)
        assert found == replace(later, revision=later.revision + 1)

    async def test_where_nobody_talked_there_is_nothing(self, store: Store):
        async with store.transaction() as t:
            assert await t.conversations.at(HOME) is None
            assert await t.conversations.get("c1", lock=True) is None
            assert await t.conversations.by_handoff("h1") is None

    async def test_the_newest_conversation_is_the_current_one(self, store: Store):
        async with store.transaction() as t:
            await t.conversations.add(conversation("c1"))
        async with store.transaction() as t:
            await t.conversations.add(conversation("c2"))
            await t.conversations.add(conversation("c3", address=AWAY))
        async with store.transaction() as t:
            assert await t.conversations.at(HOME) == conversation("c2")
            assert await t.conversations.get("c1") == conversation("c1")

    async def test_two_first_conversations_at_once_leave_one(self, store: Store, other: Store):
        async def add(where: Store, name: str) -> None:
            async with where.transaction() as t:
                if await t.conversations.at(HOME) is None:
                    await t.conversations.add(conversation(name))

        both = (add(store, "c1"), add(other, "c2"))
        results = await asyncio.gather(*both, return_exceptions=True)
        assert all(r is None or isinstance(r, Conflict) for r in results)
        async with store.transaction() as t:
            assert await t.conversations.at(HOME) in (conversation("c1"), conversation("c2"))

    async def test_a_save_raises_the_revision(self, store: Store):
        async with store.transaction() as t:
            await t.conversations.add(conversation())
        async with store.transaction() as t:
            await t.conversations.save(replace(conversation(), greeted=True))
        async with store.transaction() as t:
            stored = await t.conversations.get("c1")
        assert stored == replace(conversation(), greeted=True, revision=1)

    async def test_a_save_of_what_has_moved_is_a_conflict(self, store: Store, other: Store):
        async with store.transaction() as t:
            await t.conversations.add(conversation())

        async def save(where: Store, language: str) -> None:
            async with where.transaction() as t:
                await t.conversations.save(replace(conversation(), language=language))

        results = await asyncio.gather(
            save(store, "de"), save(other, "fr"), save(store, "es"), return_exceptions=True
        )
        assert [type(r) for r in results if r is not None] == [Conflict, Conflict]
        async with store.transaction() as t:
            stored = await t.conversations.get("c1")
        assert stored is not None
        assert stored.revision == 1

    async def test_saving_what_was_never_added_is_a_conflict(self, store: Store):
        with pytest.raises(Conflict):
            async with store.transaction() as t:
                await t.conversations.save(conversation())

    async def test_only_the_present_handoff_finds_its_conversation(self, store: Store):
        first = replace(conversation(), handoff=handoff("h1"), holder="waiting")
        async with store.transaction() as t:
            await t.conversations.add(first)
        async with store.transaction() as t:
            await t.conversations.save(replace(first, handoff=handoff("h2")))
        async with store.transaction() as t:
            assert await t.conversations.by_handoff("h1") is None
            found = await t.conversations.by_handoff("h2")
        assert found is not None
        assert found.id == "c1"

    # --- transcript ---------------------------------------------------------------------------

    async def test_lines_come_back_in_order_and_numbered(self, store: Store):
        await _begin(store)
        note = replace(said("n1", author="staff"), kind="note", parts=EVERY_PART)
        await _say(store, said("e1"), said("r1", author="bot"))
        await _say(store, note)
        await _say(store)
        async with store.transaction() as t:
            read = await t.transcript.read("c1")
        assert [replace(entry, seq=0) for entry in read] == [
            said("e1"),
            said("r1", author="bot"),
            note,
        ]
        assert [e.seq for e in read] == sorted({e.seq for e in read})
        assert read[0].seq > 0

    async def test_a_known_line_is_not_said_twice(self, store: Store):
        await _begin(store)
        await _say(store, said("e1"))
        await _say(store, replace(said("e1"), decision="changed"), said("r1"), said("r1"))
        async with store.transaction() as t:
            read = await t.transcript.read("c1")
        assert [(e.key, e.decision) for e in read] == [("e1", "answer"), ("r1", "answer")]

    async def test_reading_starts_after_a_moment_and_keeps_the_last(self, store: Store):
        await _begin(store)
        await _say(store, *(said(f"e{n}", at=NOW + n * SECOND) for n in range(5)))
        async with store.transaction() as t:
            after = await t.transcript.read("c1", after=NOW + SECOND)
            last = await t.transcript.read("c1", limit=2)
            none = await t.transcript.read("c1", after=NOW + 4 * SECOND)
        assert [e.key for e in after] == ["e2", "e3", "e4"]
        assert [e.key for e in last] == ["e3", "e4"]
        assert none == ()

    async def test_every_conversation_has_its_own_lines(self, store: Store):
        await _begin(store)
        async with store.transaction() as t:
            await t.conversations.add(conversation("c2", address=AWAY))
            await t.transcript.add("c2", [said("e2")])
        await _say(store, said("e1"))
        async with store.transaction() as t:
            assert [e.key for e in await t.transcript.read("c1")] == ["e1"]
            assert [e.key for e in await t.transcript.read("c2")] == ["e2"]

    async def test_what_was_said_is_appended_with_a_saved_conversation(self, store: Store):
        await _begin(store)
        await _say(store, said("e1"))
        async with store.transaction() as t:
            held = await t.conversations.at(HOME)
            assert held is not None
            await t.conversations.save(replace(held, greeted=True), [said("e1"), said("e2")])
        async with store.reading() as t:
            entries = await t.transcript.read("c1")
        assert [entry.key for entry in entries] == ["e1", "e2"]
        assert entries[0].seq < entries[1].seq

    async def test_nothing_is_appended_where_somebody_was_faster(self, store: Store):
        await _begin(store)
        async with store.transaction() as t:
            await t.conversations.save(conversation(), [said("e1")])
        with pytest.raises(Conflict):
            async with store.transaction() as t:
                await t.conversations.save(conversation(), [said("e2")])
        async with store.reading() as t:
            assert [entry.key for entry in await t.transcript.read("c1")] == ["e1"]

    # --- timers and compose jobs --------------------------------------------------------------

    async def test_a_due_timer_is_taken_once(self, store: Store):
        await _begin(store)
        late = replace(_timer("rung"), due_at=NOW - SECOND, version=7, ref="h1")
        async with store.transaction() as t:
            await t.timers.set(_timer("reminder", in_seconds=0))
            await t.timers.set(late)
            await t.timers.set(_timer("reopen_closes", in_seconds=60))
        async with store.transaction() as t:
            assert await t.timers.take_due(NOW) == (late, _timer("reminder"))
        async with store.transaction() as t:
            assert await t.timers.take_due(NOW) == ()
            later = await t.timers.take_due(NOW + timedelta(minutes=1))
        assert [timer.kind for timer in later] == ["reopen_closes"]

    async def test_a_timer_replaces_its_like(self, store: Store):
        await _begin(store)
        async with store.transaction() as t:
            await t.timers.set(_timer("rung"))
        async with store.transaction() as t:
            await t.timers.set(replace(_timer("rung", in_seconds=5), version=2))
        async with store.transaction() as t:
            assert await t.timers.take_due(NOW) == ()
            (timer,) = await t.timers.take_due(NOW + 5 * SECOND)
        assert timer.version == 2

    async def test_two_takers_take_each_timer_once(self, store: Store, other: Store):
        async with store.transaction() as t:
            for n in range(20):
                await t.conversations.add(conversation(f"c{n}", address=_room(n)))
                await t.timers.set(replace(_timer("rung"), conversation=f"c{n}"))

        async def take(where: Store) -> list[str]:
            async with where.transaction() as t:
                return [timer.conversation for timer in await t.timers.take_due(NOW, limit=6)]

        taken = await asyncio.gather(*(take(s) for s in (store, other) * 2))
        taken += [await take(store) for _ in range(4)]
        names = [name for some in taken for name in some]
        assert all(len(some) <= 6 for some in taken)
        assert sorted(names) == sorted(f"c{n}" for n in range(20))


def _timer(kind: TimerKind, *, in_seconds: int = 0) -> Timer:
    return Timer(kind=kind, conversation="c1", due_at=NOW + in_seconds * SECOND, version=1)


def _room(number: int) -> Address:
    return replace(HOME, room=f"visitor-{number}")


async def _begin(store: Store) -> None:
    async with store.transaction() as t:
        await t.conversations.add(conversation())


async def _say(store: Store, *entries: Entry) -> None:
    async with store.transaction() as t:
        await t.transcript.add("c1", entries)

"""What every `Store` must do about sending: the outbox and the web chat's feed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.domain.errors import CarelineError
from bot.domain.message import Address, Outbound, Receipt
from bot.domain.ports import OutboxRow, Reach, Store
from tests.conformance.store_words import AWAY, HOME, NOW, SECOND, conversation, reply, said

RECEIPT = Receipt(message_id="m1", sent_at=NOW)


class OutboxSuite:
    """Part of `StoreSuite`."""

    @pytest.fixture
    def store(self) -> Store:
        raise NotImplementedError

    @pytest.fixture
    def other(self, store: Store) -> Store:
        """Another living process on the same data."""
        raise NotImplementedError

    @pytest.fixture
    def bury(self, other: Store) -> Callable[[], Awaitable[None]]:
        """Stops the heart of the other process."""
        raise NotImplementedError

    # --- outbox -------------------------------------------------------------------------------

    async def test_rows_go_out_in_order(self, store: Store):
        rows = [reply("r1"), reply("r2", author="system"), reply("r3", author="staff")]
        await _queue(store, *rows[:2])
        await _queue(store, rows[2])
        sent = []
        while (row := await _claim(store)) is not None:
            assert (row.conversation, row.tries) == ("c1", 1)
            sent.append(row.outbound)
            await _settle(store, row)
        assert sent == rows

    async def test_a_known_row_is_left_alone(self, store: Store):
        await _queue(store, reply("r1"))
        await _queue(store, replace(reply("r1"), parts=()), reply("r2"))
        assert await _send_all(store) == ["r1", "r2"]
        await _queue(store, reply("r1"))
        assert await _send_all(store) == []

    async def test_a_row_that_replaces_one_which_was_sent_has_its_target(self, store: Store):
        change = replace(reply("r2"), replaces="r1")
        await _queue(store, reply("r1"), change, replace(reply("r3"), replaces="never"))
        aimed = []
        while (row := await _claim(store)) is not None:
            aimed.append(row.outbound)
            await _settle(store, row)
        assert aimed[1] == replace(change, target=RECEIPT.message_id)
        assert [row.target for row in aimed] == [None, "m1", None]

    async def test_what_was_refused_is_no_target(self, store: Store):
        await _queue(store, reply("r1"), replace(reply("r2"), replaces="r1"))
        first = await _claim(store)
        assert first is not None
        async with store.transaction() as t:
            await t.outbox.settle(first.id, "refused")
        store.idle(first.id)
        second = await _claim(store)
        assert second is not None
        assert (second.outbound.replaces, second.outbound.target) == ("r1", None)

    async def test_what_nobody_sends_yet_can_be_withdrawn(self, store: Store):
        await _queue(store, reply("r1"), reply("r2"), reply("r3"))
        first = await _claim(store)
        assert first is not None
        async with store.transaction() as t:
            assert not await t.outbox.withdraw("r1")
            assert await t.outbox.withdraw("r2")
            assert not await t.outbox.withdraw("r2")
            assert not await t.outbox.withdraw("never")
        await _settle(store, first)
        assert await _send_all(store) == ["r3"]
        async with store.transaction() as t:
            assert not await t.outbox.withdraw("r3")

    async def test_what_was_given_back_can_be_woken(self, store: Store):
        await _queue(store, reply("w1"))
        async with store.transaction() as t:
            claimed = await t.outbox.claim(t.room(HOME), NOW)
            assert claimed is not None
            await t.outbox.postpone(claimed.id, NOW + 60 * SECOND)
        async with store.transaction() as t:
            assert await t.outbox.claim(t.room(HOME), NOW) is None
            assert await t.outbox.wake(t.room(HOME))
            again = await t.outbox.claim(t.room(HOME), NOW)
            assert again is not None
            await t.outbox.settle(again.id, "sent", receipt=RECEIPT)
            assert not await t.outbox.wake(t.room(HOME))

    async def test_how_far_a_message_has_come_only_grows(self, store: Store):
        await _queue(store, reply("w2"))
        receipt = replace(RECEIPT, message_id="SMfar")
        async with store.transaction() as t:
            claimed = await t.outbox.claim(t.room(HOME), NOW)
            assert claimed is not None
            await t.outbox.settle(claimed.id, "sent", receipt=receipt)
        async with store.transaction() as t:
            read = await t.outbox.reached("SMfar", "read")
            assert read is not None
            assert (read.outbound.key, read.conversation, read.moved) == ("w2", "c1", True)
            states: tuple[Reach, ...] = ("delivered", "read", "failed")
            for late in states:
                again = await t.outbox.reached("SMfar", late)
                assert again == replace(read, moved=False)
            assert await t.outbox.reached("SMnever", "failed") is None

    async def test_a_room_that_is_being_sent_to_waits(self, store: Store, other: Store):
        await _queue(store, reply("r1"), reply("r2"), reply("r3", address=AWAY))
        first = await _claim(store)
        assert first is not None
        assert await _claim(store) is None
        assert await _claim(other) is None
        assert await _send_all(other, AWAY) == ["r3"]
        await _settle(store, first)
        assert await _send_all(other) == ["r2"]

    async def test_claiming_at_once_gives_one_the_row(self, store: Store, other: Store):
        await _queue(store, reply("r1"), reply("r2"))
        claimed = await asyncio.gather(*(_claim(s) for s in (store, other) * 3))
        rows = [row for row in claimed if row is not None]
        assert [row.outbound.key for row in rows] == ["r1"]

    async def test_a_postponed_row_waits_and_counts(self, store: Store, other: Store):
        await _queue(store, reply("r1"), reply("r2"))
        row = await _claim(store)
        assert row is not None
        async with store.transaction() as t:
            await t.outbox.postpone(row.id, NOW + SECOND)
        assert await _claim(store) is None  # nor does r2 overtake
        async with other.transaction() as t:
            again = await t.outbox.claim(t.room(HOME), NOW + SECOND)
        assert again is not None
        assert (again.outbound.key, again.tries) == ("r1", 2)

    async def test_a_bot_row_of_an_older_holder_is_dropped_and_withdrawn(self, store: Store):
        await _queue(store, reply("r1"), reply("r2", author="staff"), reply("r3", version=2))
        async with store.transaction() as t:
            await t.transcript.add("c1", [said("e1"), said("r1"), said("r2"), said("r3")])
        await _move_holder(store)
        assert await _send_all(store) == ["r2", "r3"]
        async with store.transaction() as t:
            assert [e.key for e in await t.transcript.read("c1")] == ["e1", "r2", "r3"]

    async def test_a_postponed_row_of_an_older_holder_is_in_nobodys_way(self, store: Store):
        await _queue(store, reply("r1"), reply("r2", author="staff"))
        row = await _claim(store)
        assert row is not None
        async with store.transaction() as t:
            await t.outbox.postpone(row.id, NOW + SECOND)
        await _move_holder(store)
        assert await _send_all(store) == ["r2"]

    async def test_what_we_gave_up_is_claimed_again(self, store: Store):
        await _queue(store, reply("r1"))
        row = await _claim(store)
        assert row is not None
        store.idle(row.id)
        again = await _claim(store)
        assert again is not None
        assert (again.id, again.tries) == (row.id, 2)
        assert await _claim(store) is None

    async def test_a_claim_that_was_rolled_back_is_free(self, store: Store, other: Store):
        await _queue(store, reply("r1"))

        async def claim_and_fail() -> None:
            async with store.transaction() as t:
                assert await t.outbox.claim(t.room(HOME), NOW) is not None
                raise CarelineError

        with pytest.raises(CarelineError):
            await claim_and_fail()
        assert await _send_all(other) == ["r1"]

    async def test_a_dead_process_loses_its_row(
        self, store: Store, other: Store, bury: Callable[[], Awaitable[None]]
    ):
        await _queue(store, reply("r1"), reply("r2"))
        lost = await _claim(other)
        assert lost is not None
        await bury()
        taken = await _claim(store)
        assert taken is not None
        assert (taken.outbound.key, taken.tries) == ("r1", 2)
        await _settle(other, lost)  # wakes up, and has nothing to say any more
        async with other.transaction() as t:
            await t.outbox.postpone(lost.id, NOW)
        assert await _claim(store) is None
        await _settle(store, taken)
        assert await _send_all(store) == ["r2"]

    async def test_what_is_settled_stays_settled(self, store: Store):
        await _queue(store, reply("r1"))
        row = await _claim(store)
        assert row is not None
        await _settle(store, row)
        async with store.transaction() as t:
            await t.outbox.postpone(row.id, NOW)
        assert await _claim(store) is None

    # --- feed ---------------------------------------------------------------------------------

    async def test_every_room_counts_from_one(self, store: Store):
        async with store.transaction() as t:
            assert await t.feed.add(HOME, "f1", b'{"n":1}') == 1
            assert await t.feed.add(AWAY, "f2", b'{"n":2}') == 1
        async with store.transaction() as t:
            assert await t.feed.add(HOME, "f3", '{"n":"ü"}'.encode()) == 2
            items = await t.feed.read(HOME, after=0)
        assert [(i.seq, i.body) for i in items] == [(1, b'{"n":1}'), (2, '{"n":"ü"}'.encode())]

    async def test_reading_resumes(self, store: Store):
        async with store.transaction() as t:
            for n in range(5):
                await t.feed.add(HOME, f"f{n}", b"{}")
            assert [i.seq for i in await t.feed.read(HOME, after=2)] == [3, 4, 5]
            assert [i.seq for i in await t.feed.read(HOME, after=0, limit=2)] == [1, 2]
            assert await t.feed.read(HOME, after=5) == ()

    async def test_a_known_item_keeps_its_place(self, store: Store):
        async with store.transaction() as t:
            await t.feed.add(HOME, "f1", b"{}")
            await t.feed.add(HOME, "f2", b"{}")
        async with store.transaction() as t:
            assert await t.feed.add(HOME, "f1", b"other") == 1
            assert await t.feed.add(HOME, "f3", b"{}") == 3
            assert [i.body for i in await t.feed.read(HOME, after=0)] == [b"{}"] * 3

    async def test_many_at_once_leave_no_gap(self, store: Store, other: Store):
        async def add(where: Store, key: str) -> int:
            async with where.transaction() as t:
                return await t.feed.add(HOME, key, b"{}")

        keys = [f"f{n // 2}" for n in range(40)]  # everything twice
        places = [add((store, other)[n % 2], key) for n, key in enumerate(keys)]
        seqs = await asyncio.gather(*places)
        assert sorted(set(seqs)) == list(range(1, 21))
        assert seqs[::2] == seqs[1::2]
        async with store.transaction() as t:
            assert [i.seq for i in await t.feed.read(HOME, after=0)] == list(range(1, 21))

    async def test_a_draft_may_go_on_while_the_bot_holds(self, store: Store):
        await _queue(store)
        async with store.transaction() as t:
            assert await t.feed.holds("c1", 1)
            assert not await t.feed.holds("c1", 2)
            assert not await t.feed.holds("nobody", 1)
            await t.feed.signal(HOME, b'{"type":"progress"}')
            assert await t.feed.read(HOME, after=0) == ()


async def _queue(store: Store, *rows: Outbound) -> None:
    async with store.transaction() as t:
        if await t.conversations.get("c1") is None:
            await t.conversations.add(conversation())
        await t.outbox.add("c1", rows)


async def _move_holder(store: Store) -> None:
    async with store.transaction() as t:
        held = await t.conversations.get("c1", lock=True)
        assert held is not None
        await t.conversations.save(replace(held, holder="waiting", version=held.version + 1))


async def _claim(store: Store, address: Address = HOME) -> OutboxRow | None:
    async with store.transaction() as t:
        return await t.outbox.claim(t.room(address), NOW)


async def _settle(store: Store, row: OutboxRow) -> None:
    async with store.transaction() as t:
        await t.outbox.settle(row.id, "sent", receipt=RECEIPT)
    store.idle(row.id)


async def _send_all(store: Store, address: Address = HOME) -> list[str]:
    keys: list[str] = []
    while (row := await _claim(store, address)) is not None:
        keys.append(row.outbound.key)
        await _settle(store, row)
    return keys

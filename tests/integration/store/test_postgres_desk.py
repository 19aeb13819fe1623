"""Staff, modes, the board and the figures on PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from typing_extensions import override

from bot.domain.contact import Person
from bot.domain.conversation import Conversation
from bot.domain.desk import Unsent
from bot.domain.errors import BadRequest, NotAuthentic
from bot.store.board import PostgresBoard
from bot.store.counts import read_counts
from bot.store.database import Database
from bot.store.modes import PostgresModes
from bot.store.passwords import Passwords
from bot.store.postgres import PostgresStore
from bot.store.staff import PostgresStaffBook
from bot.store.transcript import EVER
from tests.conformance.desk_suite import ADA, HORSE, STAPLE, ModesSuite, StaffBookSuite
from tests.conformance.store_words import (
    HOME,
    NOW,
    SECOND,
    conversation,
    event,
    handoff,
    reply,
    said,
)
from tests.fakes.clock import FakeClock
from tests.integration.store.conftest import PATIENCE_S, hearing

pytestmark = pytest.mark.integration
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
UNWRITABLE = "\ud800"


class StaffClock(FakeClock):
    """The clock as the desk's suite moves it."""

    def move(self, by: timedelta) -> None:
        self.advance(by)


class TestPostgresStaffBook(StaffBookSuite):
    @pytest.fixture
    @override
    def clock(self) -> StaffClock:
        return StaffClock()

    @pytest.fixture
    @override
    def book(self, database: Database, clock: StaffClock) -> PostgresStaffBook:
        return PostgresStaffBook(database, clock, Passwords(QUICK))

    async def test_a_new_password_ends_sessions(self, book: PostgresStaffBook):
        await book.put(ADA, password=HORSE)
        token, _ = await book.sign_in(login="ada", password=HORSE)
        await book.put(ADA, password=STAPLE)
        assert await book.session(token) is None

    async def test_an_address_is_one_persons(self, book: PostgresStaffBook):
        await book.put(ADA)
        with pytest.raises(BadRequest):
            await book.put(Person(id="eve", name="Eve", email="ADA@example.org "))

    async def test_tokens_are_kept_as_digests_alone(
        self, book: PostgresStaffBook, database: Database
    ):
        await book.put(ADA, password=HORSE)
        link = await book.link("ada", valid=timedelta(minutes=1))
        token, _ = await book.sign_in(login="ada", password=HORSE)
        async with database.begin() as connection:
            rows = (await connection.execute(text("SELECT * FROM staff_tokens"))).all()
            (person,) = (await connection.execute(text("SELECT * FROM staff"))).all()
        assert len(rows) == 2
        for secret in (link, token, HORSE, ADA.email):
            assert str(secret) not in f"{rows}{person}"
        assert person.password.startswith("$argon2id$")

    @pytest.mark.parametrize("login", ["a\0da", "\ud800", "ada\n"])
    async def test_a_login_that_cannot_be_is_refused(self, book: PostgresStaffBook, login: str):
        await book.put(ADA, password=HORSE)
        with pytest.raises(NotAuthentic):
            await book.sign_in(login=login, password=UNWRITABLE)


class TestPostgresModes(ModesSuite):
    @pytest.fixture
    @override
    def modes(self, database: Database) -> PostgresModes:
        return PostgresModes(database)


def waiting(name: str, *, line: str = "shop", minutes: int = 0) -> Conversation:
    opened = handoff(f"h-{name}")
    opened = replace(opened, opened_at=NOW + timedelta(minutes=minutes))
    free = replace(opened, claimed_by=None, claimed_name=None, claimed_at=None)
    begun = conversation(name, address=replace(HOME, room=name))
    return replace(begun, line=line, holder="waiting", handoff=free)


async def keep(store: PostgresStore, *conversations: Conversation) -> None:
    async with store.transaction() as t:
        for kept in conversations:
            if await t.conversations.get(kept.id) is None:
                await t.conversations.add(kept)
            else:
                await t.conversations.save(kept)


def claimed(c: Conversation) -> Conversation:
    assert c.handoff is not None
    owned = replace(c.handoff, claimed_by="ada", claimed_name="Ada", claimed_at=NOW)
    return replace(c, holder="human", handoff=owned)


def ended(c: Conversation, *, minutes: int) -> Conversation:
    assert c.handoff is not None
    over = replace(c.handoff, outcome="resolved", ended_at=NOW + timedelta(minutes=minutes))
    return replace(c, holder="closed", handoff=over)


async def test_the_longest_waiting_comes_first(live_store: PostgresStore):
    board = PostgresBoard(live_store.database)
    first, second, third = waiting("a", minutes=2), waiting("b", line="it"), waiting("c", minutes=1)
    await keep(live_store, first, second, third)
    await keep(live_store, claimed(second))
    assert [row.id for row in await board.open(None)] == ["h-c", "h-a", "h-b"]
    assert [row.id for row in await board.open(["it"])] == ["h-b"]
    assert await board.open([]) == ()
    (row,) = await board.open(["it"])
    assert (row.state, row.claimed_by, row.claimed_name) == ("human", "ada", "Ada")
    assert row.waiting_since is None


async def test_somebody_sees_what_they_asked_for_alone(live_store: PostgresStore):
    board = PostgresBoard(live_store.database)
    mine, late = waiting("a"), waiting("c", minutes=3)
    other = replace(waiting("b"), customers=("eve",))
    mine, late = (replace(one, customers=("max", "eve")) for one in (mine, late))
    await keep(live_store, mine, late, other, waiting("d", line="it"))
    place = replace(mine.address, room="another room")
    asked = await board.asked_by("shop", place, "max")
    assert [row.id for row in asked] == ["h-c", "h-a"]
    assert await board.asked_by("shop", replace(place, account="elsewhere"), "max") == ()
    await keep(live_store, ended(late, minutes=5))
    assert [row.id for row in await board.asked_by("shop", place, "max")] == ["h-a"]


async def test_who_is_released_waits_from_then_on(live_store: PostgresStore):
    board = PostgresBoard(live_store.database)
    early, late = waiting("a"), waiting("b", minutes=1)
    await keep(live_store, early, late)
    assert [r.waiting_since for r in await board.open(None)] == [NOW, NOW + timedelta(minutes=1)]
    await keep(live_store, claimed(early))
    await keep(live_store, replace(early, revision=1))
    rows = await board.open(None)
    assert [r.id for r in rows] == ["h-b", "h-a"]
    assert rows[1].waiting_since != early.opened_at
    await keep(live_store, replace(early, revision=2, unknowns=1))
    assert await board.open(None) == rows


async def test_ended_ones_come_newest_first(live_store: PostgresStore):
    board = PostgresBoard(live_store.database)
    both = waiting("a"), waiting("b")
    await keep(live_store, *both)
    await keep(live_store, ended(both[0], minutes=5), ended(both[1], minutes=9))
    assert [row.id for row in await board.recent(None, limit=5)] == ["h-b", "h-a"]
    assert [row.id for row in await board.recent(["shop"], limit=1)] == ["h-b"]
    assert [row.state for row in await board.recent(None, limit=1)] == ["ended"]
    assert await board.recent(["it"], limit=5) == ()
    assert await board.open(None) == ()


async def test_one_handoff_opened(live_store: PostgresStore):
    board = PostgresBoard(live_store.database)
    begun = waiting("a")
    await keep(live_store, begun)
    note = replace(said("n1", author="staff"), kind="note")
    stale = replace(reply("r1"), address=begun.address)
    async with live_store.transaction() as t:
        await t.transcript.add("a", [said("e1"), said("r1", author="bot"), note])
        await t.outbox.add("a", [stale])
    await keep(live_store, replace(claimed(begun), version=2))
    async with live_store.transaction() as t:
        assert await t.outbox.claim(t.room(begun.address), NOW) is None
    detail = await board.detail("h-a")
    assert detail is not None
    assert [(e.key, e.kind) for e in detail.entries] == [("e1", "said"), ("n1", "note")]
    assert detail.row.summary == "wants a refund"
    assert detail.tried == ("Returns", "Refunds")
    assert detail.conversation == replace(claimed(begun), version=2, revision=1)
    assert await board.detail("h-z") is None


async def test_desks_hear_how_far_a_reply_has_come(live_store: PostgresStore):
    board = PostgresBoard(live_store.database)
    begun = waiting("a")
    await keep(live_store, begun)
    rows = [replace(reply(k, author="staff"), address=begun.address) for k in ("r1", "r2")]
    async with live_store.transaction() as t:
        await t.transcript.add("a", [said("r1", author="staff"), said("r2", author="staff")])
        await t.outbox.add("a", rows)
    async with hearing(live_store.database) as notices, notices.listen("desk") as desk:
        for state in ("sent", "refused"):
            async with live_store.transaction() as t:
                row = await t.outbox.claim(t.room(begun.address), NOW)
                assert row is not None
            detail = await board.detail("h-a")
            assert detail is not None
            assert detail.unsent[row.outbound.key] == Unsent(tries=1)
            async with live_store.transaction() as t:
                await t.outbox.settle(row.id, state)
            assert await desk.wait(PATIENCE_S) == (b"h-a",)
    detail = await board.detail("h-a")
    assert detail is not None
    assert detail.unsent == {"r2": Unsent(tries=1, given_up=True)}


async def test_counts(live_store: PostgresStore, twin_store: PostgresStore):
    assert twin_store.me != live_store.me
    nothing = await read_counts(live_store.database, EVER)
    assert (nothing.handoffs, nothing.queue_age_s, nothing.unsent) == ({}, 0.0, 0)
    held = waiting("a"), waiting("b"), claimed(waiting("c")), waiting("d", line="it")
    await keep(live_store, *held, conversation())
    async with live_store.transaction() as t:
        await t.events.add(event("e1"))
        stored = await t.events.next(t.room(HOME))
        assert stored is not None
        await t.events.failed(stored.id, "ValueError", park=True)
        await t.outbox.add("c1", [reply("r1"), reply("r2")])
    async with live_store.transaction() as t:
        await t.events.add(event("e2"))
    now = await read_counts(live_store.database, EVER)
    assert now.handoffs == {("shop", "waiting"): 2, ("shop", "human"): 1, ("it", "waiting"): 1}
    assert (now.unsent, now.parked, now.workers) == (2, 1, 2)
    assert now.queue_age_s > 0


async def test_what_is_left_behind(live_store: PostgresStore):
    await keep(live_store, conversation())
    async with live_store.transaction() as t:
        await t.events.add(event("e1"))
        await t.outbox.add("c1", [reply("r1")])
    async with live_store.transaction() as t:
        room = t.room(HOME)
        assert await t.events.left_behind(0) == (room,)
        assert await t.events.left_behind(60) == ()
        later = NOW + timedelta(days=36500)
        assert await t.outbox.left_behind(later, SECOND) == (room,)
        assert await t.outbox.left_behind(NOW, SECOND) == ()
        assert await t.composing.left_behind(0) == ()


async def test_parked_events_are_listed_put_back_and_dropped(live_store: PostgresStore):
    async with live_store.transaction() as t:
        for key in ("e1", "e2"):
            await t.events.add(event(key))
            stored = await t.events.next(t.room(HOME))
            assert stored is not None
            await t.events.failed(stored.id, "ValueError", park=True)
    async with live_store.transaction() as t:
        first, second = await t.events.parked()
        assert (first.channel, first.trace, first.tries, first.error) == (
            "web",
            "trace-e1",
            1,
            "ValueError",
        )
        assert await t.events.unpark(first.id) == t.room(HOME)
        assert await t.events.unpark(first.id) is None
        assert await t.events.drop(second.id)
        assert not await t.events.drop(second.id)
    async with live_store.transaction() as t:
        stored = await t.events.next(t.room(HOME))
        assert stored is not None
        assert (stored.event.key, stored.tries) == ("e1", 0)

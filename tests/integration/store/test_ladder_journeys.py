"""Ladders over a real PostgreSQL: due times are rows, and nobody is called twice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from typing_extensions import override

from bot.core.clockwork import Clockwork
from bot.core.commit import Commit
from bot.core.delivery import Delivery
from bot.core.escalation import hand_over
from bot.core.ladder import Climb
from bot.core.lines import Lines
from bot.core.press import PressLane
from bot.domain.conversation import Conversation, Turn
from bot.domain.errors import Refused, TransitionRefused
from bot.domain.handoff import Fallback, Ladder, Rung
from bot.domain.message import Address, Inbound, Sender, Text
from bot.domain.ports import Channel
from bot.domain.reading import Reading
from bot.store.board import PostgresBoard
from bot.store.postgres import PostgresStore, PostgresTransaction
from channels.callout.channel import Callout, CalloutChannel
from tests.doubles.callouts import CalloutService, callout_service
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import START, FakeClock
from tests.fakes.oncall import FakeOnCall, FakeShift
from tests.unit.core.house import Crash, line
from tests.unit.core.test_ladder import ADA, BEN, CLEO, WAIT

pytestmark = pytest.mark.integration
ROOM = Address(channel="fake", account="shop", room="r1")
DIRECT = Rung(team="first", means="direct", wait=WAIT)
CALLED = Rung(team="third", means="webhook", wait=WAIT, callout="pager")


class Shop:
    """A line with a ladder, its clockwork and its desk, over a store that may be killed."""

    def __init__(self, store: PostgresStore, service: CalloutService) -> None:
        self.clock = FakeClock()
        self.chat = FakeChannel()
        self.service = service
        key = Callout(url=service.url, routing_key="k")
        self.callout = CalloutChannel({"pager": key})
        self.channels: dict[str, Channel] = {"fake": self.chat, "callout": self.callout}
        self.oncall = FakeOnCall(teams={"first": [FakeShift(person=ADA)], "third": []})
        self.runs_on(store)

    def runs_on(self, store: PostgresStore, fallback: Fallback = "ticket") -> None:
        self.store = store
        ladder = Ladder(rungs=(DIRECT, DIRECT, CALLED), fallback=fallback)
        lines = Lines((line(ladder=ladder),))
        self.line = lines.named("shop")
        commit = Commit(self.channels)
        climb = Climb(self.oncall, self.channels)
        self.clockwork = Clockwork(store, commit, self.clock, lines, climb)
        self.desk = PressLane(store, commit, self.clock, lines)
        self.delivery = Delivery(store, self.clock, self.channels)
        self._commit = commit

    async def asks(self, number: int = 1) -> Conversation:
        """A customer asks for a person."""
        room = replace(ROOM, room=f"r{number}")
        event = Inbound(
            key=f"fake:e{number}",
            trace="t",
            address=room,
            sender=Sender(handle="max"),
            parts=(Text(text="a person please"),),
            sent_at=START,
        )
        held = Conversation(id=f"c{number}", line="shop", address=room, opened_at=START)
        turn = Turn(event=event, conversation=held, reading=Reading(), now=self.clock.now())
        outcome = hand_over(turn, self.line, "asked")
        async with self.store.transaction() as transaction:
            await self._commit.store(transaction, outcome, now=self.clock.now())
        return await self.held(f"c{number}")

    async def held(self, conversation: str = "c1") -> Conversation:
        async with self.store.transaction() as transaction:
            found = await transaction.conversations.get(conversation)
        assert found is not None
        return found

    async def tick(self, after: timedelta = timedelta()) -> None:
        self.clock.advance(after)
        await self.clockwork.tick()
        await self.send()

    async def send(self) -> None:
        """Deliver all that waits, as the workers would."""
        async with self.store.transaction() as transaction:
            late = START.replace(year=2100)  # rows are as old as the database says
            rooms = await transaction.outbox.left_behind(late, timedelta())
        for room in rooms:
            await self.delivery.deliver(room)

    def pings(self) -> list[str]:
        return [row.address.room for row in self.chat.shown if row.key.startswith("ping:")]


@pytest.fixture
async def shop(live_store: PostgresStore) -> AsyncIterator[Shop]:
    async with callout_service() as service:
        made = Shop(live_store, service)
        yield made
        await made.callout.close()


async def test_a_shift_change_an_override_and_the_service_to_a_ticket(shop: Shop):
    handoff = (await shop.asks()).handoff
    assert handoff is not None
    await shop.tick()
    shop.oncall.teams["first"] = [FakeShift(person=CLEO)]
    await shop.tick(WAIT)
    assert shop.pings() == ["dm-ada", "dm-cleo"]
    await shop.tick(WAIT)
    key = f"ping:{handoff.id}:0:2:webhook"
    assert shop.service.incidents() == {key: "trigger"}
    await shop.tick(WAIT)
    assert shop.service.incidents() == {key: "resolve"}
    held = await shop.held()
    assert held.handoff is not None
    assert (held.holder, held.handoff_state()) == ("bot", "ticket")
    assert [(c.rung, c.person) for c in held.handoff.calls] == [(0, "ada"), (1, "cleo"), (2, None)]
    board = PostgresBoard(shop.store.database)
    assert [(row.id, row.state) for row in await board.open(None)] == [(handoff.id, "ticket")]
    await shop.desk.settle(handoff.id, BEN)
    assert await board.open(None) == ()


async def test_what_an_earlier_handoff_owes_can_be_done_after_the_next_has_begun(shop: Shop):
    first = (await shop.asks()).handoff
    assert first is not None
    for _ in range(4):
        await shop.tick(WAIT)
    held = await shop.held()
    async with shop.store.transaction() as transaction:
        await transaction.conversations.save(replace(held, handoff=None))
    with pytest.raises(TransitionRefused):
        await shop.desk.settle(first.id, replace(BEN, lines=("it",)))
    await shop.desk.settle(first.id, BEN)
    with pytest.raises(TransitionRefused):
        await shop.desk.settle(first.id, BEN)
    assert await PostgresBoard(shop.store.database).open(None) == ()


async def test_a_quiet_claimer_and_a_claim_at_the_last_moment(shop: Shop):
    handoff = (await shop.asks()).handoff
    assert handoff is not None
    await shop.tick()
    shop.clock.advance(WAIT)
    await shop.desk.act(handoff.id, "claim", ADA)
    await shop.tick()
    assert (await shop.held()).holder == "human"
    await shop.tick(timedelta(minutes=10))
    assert (await shop.held()).holder == "human"
    await shop.tick(timedelta(minutes=10))
    held = await shop.held()
    assert (held.holder, held.handoff and held.handoff.round) == ("waiting", 1)
    await shop.tick()
    assert shop.pings() == ["dm-ada", "dm-ada"]


async def test_a_refused_ping_makes_the_next_rung_due_at_once(shop: Shop):
    shop.chat.fail(Refused("blocked"), times=2)  # the ping and the words beside it
    await shop.asks()
    await shop.tick()
    await shop.tick()
    held = await shop.held()
    assert held.handoff is not None
    assert [(c.rung, c.at - START) for c in held.handoff.calls] == [
        (0, timedelta()),
        (1, timedelta()),
    ]


class Killed(PostgresStore):
    """A process that dies at one of its commits: just before it, or just after."""

    at, count, committed = 0, 0, False

    @override
    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        self.count += 1
        now = self.count == self.at
        async with super().transaction() as transaction:
            yield transaction
            if now and not self.committed:
                raise Crash
        if now:
            raise Crash


@pytest.mark.parametrize("committed", [False, True])
async def test_a_process_killed_between_any_two_steps_calls_nobody_twice(
    shop: Shop,
    twin_store: PostgresStore,
    *,
    committed: bool,
):
    deaths = 0
    for at in range(1, 9):
        number = at
        await shop.asks(number)
        doomed = Killed(shop.store.database, shop.store._deferral)
        doomed.at, doomed.committed = at, committed
        shop.runs_on(doomed)
        try:
            await shop.tick()
        except Crash:
            deaths += 1
        shop.runs_on(twin_store)
        for _ in range(5):
            await shop.tick(WAIT)
        held = await shop.held(f"c{number}")
        assert held.handoff_state() == "ticket"
        pings = [r.key for r in shop.chat.shown if r.key.startswith("ping:")]
        assert len(pings) == len(set(pings)) == 2 * number
        told = [r.key for r in shop.chat.shown if r.address == held.address]
        assert len(told) == len(set(told)) == 5
    assert deaths >= 4
    assert set(shop.service.incidents().values()) == {"resolve"}
    assert len(shop.service.incidents()) == 8

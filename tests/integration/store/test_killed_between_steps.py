"""A journey over PostgreSQL whose process is killed at each commit: all is due when it was due."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.domain.conversation import Conversation
from bot.store.postgres import PostgresStore
from tests.doubles.callouts import callout_service
from tests.integration.store.conftest import living
from tests.integration.store.test_ladder_journeys import Killed, Shop
from tests.integration.work.conftest import rows
from tests.unit.core.house import Crash
from tests.unit.core.test_ladder import ADA, WAIT

pytestmark = pytest.mark.integration

QUIET = timedelta(minutes=10)
MOST_COMMITS = 200


@dataclass(frozen=True, slots=True)
class Lived:
    """What a journey came to: who was called when, what was sent to whom, what is due."""

    calls: tuple[tuple[int, int, str | None, timedelta], ...]
    pings: tuple[str, ...]
    told: tuple[str, ...]
    due: tuple[tuple[str, timedelta], ...]
    state: str


@pytest.fixture
async def shop(live_store: PostgresStore) -> AsyncIterator[Shop]:
    async with callout_service() as service:
        made = Shop(live_store, service)
        yield made
        await made.callout.close()


class Journey:
    """Two rungs, a claimer who stays quiet, the ladder from its beginning, and a ticket.

    It is lived again and again, each time by another customer.
    """

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.number = 0
        self.due: list[tuple[str, timedelta]] = []

    def steps(self) -> tuple[tuple[timedelta, Callable[[], Awaitable[None]]], ...]:
        tick, none = self.shop.tick, timedelta()
        first = (none, tick), (WAIT, tick), (none, self.claim)
        quiet = (QUIET, tick), (QUIET, tick), (none, tick)
        return (*first, *quiet, (WAIT, tick), (WAIT, tick), (WAIT, tick))

    async def claim(self) -> None:
        handoff = (await self.shop.held(f"c{self.number}")).handoff
        assert handoff is not None
        await self.shop.desk.act(handoff.id, "claim", ADA)
        await self.shop.send()

    async def live(self, number: int, twin: PostgresStore) -> tuple[Lived, bool]:
        """The journey of one customer; on a death `twin` goes on. Whether there was one."""
        self.number, self.due = number, []
        began, died = self.shop.clock.now(), False
        for pause, step in self.steps():
            self.shop.clock.advance(pause)
            try:
                await step()
            except Crash:
                died = True
                self.shop.runs_on(twin)
                await step()
            self.due += await self._due(began)
        self.shop.runs_on(twin)
        return await self._lived(began), died

    async def _due(self, began: datetime) -> list[tuple[str, timedelta]]:
        query = "SELECT kind, due_at FROM timers WHERE conversation = :held ORDER BY kind"
        found = await rows(self.shop.store.database, query, held=f"c{self.number}")
        return [(row["kind"], row["due_at"] - began) for row in found]

    async def _lived(self, began: datetime) -> Lived:
        held: Conversation = await self.shop.held(f"c{self.number}")
        assert held.handoff is not None
        number = held.handoff.request.number if held.handoff.request else ""
        told = [row for row in self.shop.chat.shown if row.address == held.address]
        pinged = [r for r in self.shop.chat.shown if r.key.startswith(f"ping:{held.handoff.id}:")]
        return Lived(
            calls=tuple((c.round, c.rung, c.person, c.at - began) for c in held.handoff.calls),
            pings=tuple(row.address.room for row in pinged),
            told=tuple(row.text().replace(number, "N") for row in told),
            due=tuple(self.due),
            state=held.handoff_state(),
        )


@pytest.mark.parametrize("committed", [False, True])
async def test_nothing_is_lost_late_or_twice(
    shop: Shop, twin_store: PostgresStore, *, committed: bool
):
    journey = Journey(shop)
    await shop.asks(1)
    undisturbed, _ = await journey.live(1, twin_store)
    assert undisturbed.state == "ticket"
    assert [(turn, rung) for turn, rung, _, _ in undisturbed.calls] == [
        (0, 0), (0, 1), (1, 0), (1, 1), (1, 2),
    ]  # fmt: skip
    for at in range(1, MOST_COMMITS):
        doomed = Killed(shop.store.database, shop.store._deferral)
        doomed.at, doomed.committed = at, committed
        shop.runs_on(await living(shop.store.database))
        await shop.asks(at + 1)
        shop.runs_on(doomed)
        lived, died = await journey.live(at + 1, twin_store)
        assert lived == undisturbed, f"killed at commit {at}"
        if not died:
            break
    assert at > 20
    keys = [row.key for row in shop.chat.shown]
    assert len(keys) == len(set(keys))

"""Each cell of the transition table over a real PostgreSQL, by what people, customers and time do.

A cell that is listed leads where the table says. Any other leaves who holds the conversation, and
who presses is told why.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import product
from typing import get_args

import pytest

from bot.core.filters import CANCEL, END
from bot.core.quiet import LAPSE
from bot.core.router import Handler
from bot.domain.conversation import Conversation, Holder, Outcome, Timer, TimerKind, Turn
from bot.domain.errors import TransitionRefused
from bot.domain.message import Pressed, Text
from bot.domain.transitions import TABLE, Act
from bot.store.postgres import PostgresStore
from tests.integration.work.conftest import rows
from tests.unit.core.house import ADA, BEN, ROOM, House

pytestmark = pytest.mark.integration

HOLDERS: tuple[Holder, ...] = get_args(Holder)
ACTS: tuple[Act, ...] = get_args(Act)
PRESSED: tuple[Act, ...] = ("claim", "take_over", "release", "hand_back", "resolve")
CODES = {"bot": "not_waiting", "waiting": "not_claimed", "human": "taken", "closed": "closed"}
MINUTE = timedelta(minutes=1)
BREAKS = "this breaks"
# What a customer does may be another act than the one that is tried.
MEANS: dict[tuple[Holder, Act], Holder] = {
    ("waiting", "end"): "bot",  # the request is taken back
    ("closed", "hand_over"): "waiting",  # the conversation goes on, and then a person is asked for
}


async def breaking(inner: Handler, turn: Turn) -> Outcome:
    """A turn that fails whenever it is tried."""
    if turn.event.text() == BREAKS:
        raise ValueError(BREAKS)
    return await inner(turn)


class Shop(House):
    """The core over a real store; jobs are not waited for, everything is done at once."""

    async def held(self) -> Conversation:
        async with self.store.transaction() as transaction:
            found = await transaction.conversations.at(ROOM)
        assert found is not None
        return found

    async def work_through(self) -> None:
        async with self.store.transaction() as transaction:
            room = transaction.room(ROOM)
        await self.handle(room)

    async def writes(self, words: str) -> None:
        await self.event(Text(text=words))
        await self.work_through()

    async def presses(self, value: str) -> None:
        await self.event(Pressed(value=value), kind="pressed")
        await self.work_through()

    async def passes(self, *minutes: int) -> None:
        for some in minutes:
            self.clock.advance(some * MINUTE)
            await self.clockwork.tick()

    async def due(self, kind: TimerKind, ref: str = "") -> None:
        """A timer of this very moment, as a process that lags behind may find one."""
        held = await self.held()
        timer = Timer(kind=kind, conversation=held.id, due_at=self.clock.now(),
                      version=held.version, ref=ref)  # fmt: skip
        async with self.store.transaction() as transaction:
            await transaction.timers.set(timer)
        await self.clockwork.tick()

    async def is_held_by(self, holder: Holder) -> None:
        await self.writes("hello")
        if holder != "bot":
            await self.writes("a human please")
        if holder in ("human", "closed"):
            await self.desk.act(await self.open(), "claim", ADA)
        if holder == "closed":
            await self.desk.act(await self.open(), "resolve", ADA)
        assert (await self.held()).holder == holder

    async def open(self) -> str:
        handoff = (await self.held()).handoff
        return handoff.id if handoff else "none"


@pytest.fixture
def shop(live_store: PostgresStore) -> Shop:
    return Shop(store=live_store, middleware=(breaking,))


async def _by_customer(shop: Shop, act: Act) -> None:
    doings: dict[Act, Callable[[], Awaitable[None]]] = {
        "hand_over": lambda: shop.writes("a human please"),
        "cancel": lambda: shop.presses(CANCEL),
        "end": lambda: shop.presses(END),
        "reopen": lambda: shop.writes("one more thing"),
        "fault": lambda: shop.writes(BREAKS),
    }
    await doings[act]()


async def _by_time(shop: Shop, holder: Holder, act: Act) -> None:
    if (holder, act) == ("waiting", "exhaust"):
        await shop.passes(15, 8 * 60)
    elif (holder, act) == ("bot", "close"):
        await shop.passes(30 * 24 * 60)
        await shop.due("silence")
    elif (holder, act) == ("human", "lapse"):
        await shop.passes(10, 10)
    elif act == "exhaust":
        await shop.due("rung")
    elif act == "close":
        await shop.due("silence")
    else:
        await shop.due("reminder", LAPSE)


@pytest.mark.parametrize(("holder", "act"), [c for c in product(HOLDERS, ACTS) if c[1] in PRESSED])
async def test_what_is_pressed(shop: Shop, holder: Holder, act: Act):
    await shop.is_held_by(holder)
    before, by = await shop.held(), BEN if act == "take_over" else ADA
    if (holder, act) in TABLE:
        await shop.desk.act(await shop.open(), act, by)
        after = await shop.held()
        assert (after.holder, after.version) == (TABLE[holder, act], before.version + 1)
        return
    by = BEN if (holder, act) == ("human", "claim") else by
    with pytest.raises(TransitionRefused) as refused:
        await shop.desk.act(await shop.open(), act, by)
    # The bot's conversation has no hand-off at all that could be pressed.
    assert refused.value.code == ("unknown" if holder == "bot" else CODES[holder])
    assert refused.value.holder_name == ("Ada" if holder == "human" else None)
    assert await shop.held() == before


@pytest.mark.parametrize(
    ("holder", "act"), [c for c in product(HOLDERS, ACTS) if c[1] not in PRESSED]
)
async def test_what_customers_and_time_do(shop: Shop, holder: Holder, act: Act):
    await shop.is_held_by(holder)
    before = await shop.held()
    if act in ("exhaust", "lapse", "close"):
        await _by_time(shop, holder, act)
    else:
        await _by_customer(shop, act)
    after = await shop.held()
    wanted = TABLE.get((holder, act)) or MEANS.get((holder, act), holder)
    assert after.holder == wanted
    moved = after.holder != before.holder
    assert (after.version > before.version) == moved
    kept = await rows(shop.store.database, "SELECT state FROM handoffs ORDER BY opened_at")  # type: ignore[attr-defined]  # it is PostgreSQL's
    assert len(kept) == (holder != "bot" or after.holder == "waiting") + (
        (holder, after.holder) == ("closed", "waiting")
    )

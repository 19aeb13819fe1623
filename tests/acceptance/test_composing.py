"""A person claims while an answer is being written, 200 times: the bot never talks over them."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from random import Random
from time import perf_counter

import pytest
from sqlalchemy import select

from bot.core.accept import accept
from bot.core.filters import PERSON
from bot.domain.contact import Person
from bot.domain.conversation import Conversation
from bot.domain.message import Address, Inbound, Part, Pressed, Sender, Text
from bot.domain.writing import Brief, Sentence, Usage
from bot.main import App, build
from bot.running import living
from bot.storage import open_storage
from tests.support.house import House, open_house

pytestmark = pytest.mark.acceptance

TIMES = 200
AT_ONCE = 4
CLAIM_MS = 200
PATIENCE_S = 60
SEED = 20261123
ADA = Person(id="ada", name="Ada", rights=("handle",), lines=("*",))
QUESTION = Text(text="how long does delivery take?")
WRITTEN = ("Standard delivery takes", "2 to 4", "working days.")


class SlowWriter:
    """Writes three sentences, each after a while that chance has chosen."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    async def write(self, brief: Brief, spend: Callable[[Usage], None]) -> AsyncIterator[Sentence]:
        for text in WRITTEN:
            await asyncio.sleep(self._chance.uniform(0, 0.06))
            yield Sentence(text=text, cites=(brief.passages[0].article,))
        spend(Usage(model="slow", tokens_in=1, tokens_out=1))


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim: where, when it was decided, and how long it took to be answered."""

    room: Address
    at: datetime
    took_ms: float


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        yield opened


@asynccontextmanager
async def running(house: House, chance: Random) -> AsyncIterator[App]:
    """The product in this process, with the writer."""
    async with (
        open_storage(house.settings(house.postgres.url)) as storage,
        build(storage, writer=SlowWriter(chance)) as app,
        living(app, "serve"),
    ):
        yield app


async def test_no_bot_send_starts_after_a_claim(house: House, capsys: pytest.CaptureFixture[str]):
    chance = Random(SEED)  # noqa: S311  moments, not secrets
    moments = [(chance.uniform(0, 0.8), chance.uniform(0, 0.05)) for _ in range(TIMES)]
    async with running(house, chance) as app:
        claims: list[Claim] = []
        waiting = iter(moments)

        async def claim_in_turn() -> None:
            for asks_after, claims_after in waiting:
                claims.append(await _claimed_while_composing(app, asks_after, claims_after))

        async with asyncio.timeout(PATIENCE_S * 3), asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(claim_in_turn())
        await _settled(app)
        sent = [await _bot_sends(app, claim) for claim in claims]
    assert len(claims) == TIMES
    late = [at - claim.at for claim, moments in zip(claims, sent, strict=True) for at in moments
            if at >= claim.at]  # fmt: skip
    assert late == []
    written = sum(bool(moments) for moments in sent)
    assert 0 < written < TIMES  # the moments fell on both sides
    p95 = sorted(claim.took_ms for claim in claims)[int(TIMES * 0.95) - 1]
    slowest = max(claim.took_ms for claim in claims)
    with capsys.disabled():
        print(  # noqa: T201  the figure
            f"\n{TIMES} claims while composing: p95 {p95:.0f} ms, slowest {slowest:.0f} ms; "
            f"{written} answers were said before, {TIMES - written} were not"
        )
    assert p95 <= CLAIM_MS


async def _claimed_while_composing(app: App, asks_after: float, claims_after: float) -> Claim:
    room = Address(channel="web", account="shop", room=secrets.token_hex(8))
    await _send(app, room, QUESTION)
    await asyncio.sleep(asks_after)  # chance, not hope: whatever has happened by then is right
    await _send(app, room, Pressed(value=PERSON))
    held = await _waiting(app, room)
    await asyncio.sleep(claims_after)
    assert held.handoff is not None
    began = perf_counter()
    claimed = await app.press.act(held.handoff.id, "claim", ADA)
    took_ms = (perf_counter() - began) * 1000
    assert claimed.handoff is not None
    assert claimed.handoff.claimed_at is not None
    return Claim(room=room, at=claimed.handoff.claimed_at, took_ms=took_ms)


async def _send(app: App, room: Address, part: Part) -> None:
    event = Inbound(
        key=f"web:{room.room}:{secrets.token_hex(8)}",
        trace=secrets.token_hex(8),
        address=room,
        sender=Sender(handle=room.room),
        parts=(part,),
        sent_at=app.storage.clock.now(),
        kind="pressed" if isinstance(part, Pressed) else "message",
    )
    async with app.storage.store.transaction() as transaction:
        await accept(transaction, event)


async def _waiting(app: App, room: Address) -> Conversation:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with app.storage.store.transaction() as transaction:
                held = await transaction.conversations.at(room)
            if held is not None and held.holder == "waiting":
                return held
            await asyncio.sleep(0.005)


async def _settled(app: App) -> None:
    """Every event done, every answer written or dropped, every message sent."""
    store, t = app.storage.store, app.storage.database.tables
    open_work = (
        select(t["events"].c.id).where(t["events"].c.state == "undone"),
        select(t["composes"].c.id),
        select(t["outbox"].c.id).where(t["outbox"].c.state.in_(("unsent", "sending"))),
    )
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with store.transaction() as transaction:
                left = [(await transaction.connection.execute(one)).first() for one in open_work]
            if not any(left):
                return
            await asyncio.sleep(0.05)


async def _bot_sends(app: App, claim: Claim) -> list[datetime]:
    """When the bot's messages to this room were sent.

    A send and a claim exclude each other by the conversation's row: whichever comes second has
    the later moment, by the one clock of this machine.
    """
    feed = app.storage.database.tables["feed"]
    async with app.storage.store.transaction() as transaction:
        room = transaction.room(claim.room)
        found = await transaction.connection.execute(
            select(feed.c.at, feed.c.body).where(feed.c.room == room)
        )
        return [row.at for row in found if json.loads(row.body)["author"] == "bot"]

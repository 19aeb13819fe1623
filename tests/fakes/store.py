"""The store in memory: a transaction works on a copy, which replaces the truth at its end."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Entry, Timer
from bot.domain.errors import Conflict, Unavailable
from bot.domain.message import Address, Inbound, Outbound, Receipt
from bot.domain.ports import (
    FeedItem,
    Job,
    OutboxRow,
    PlainTurn,
    Reach,
    Reached,
    Settled,
)
from tests.fakes.composing import FakeComposing
from tests.fakes.consents import FakeConsents
from tests.fakes.events import FakeEvents, FakeTranscript
from tests.fakes.results import FakeResults
from tests.fakes.world import EPOCH, FakeMessage, World, room_of

Announce = Callable[[str, bytes], None]


class FakeConversations:
    def __init__(self, world: World, announce: Announce) -> None:
        self._world = world
        self._announce = announce

    async def at(self, address: Address) -> Conversation | None:
        return self._world.conversations.get(self._world.current.get(room_of(address), ""))

    async def get(self, conversation: str, *, lock: bool = False) -> Conversation | None:  # noqa: ARG002 - transactions come one at a time
        return self._world.conversations.get(conversation)

    async def by_handoff(self, handoff: str, *, lock: bool = False) -> Conversation | None:  # noqa: ARG002 - as above
        found = self._world.conversations.get(self._world.handoffs.get(handoff, ""))
        return found if found and found.handoff and found.handoff.id == handoff else None

    async def by_thread(self, thread: Address, *, lock: bool = False) -> Conversation | None:  # noqa: ARG002 - as above
        owner = self._world.threads.get(thread.key())
        return None if owner is None else self._world.conversations[owner]

    async def add(self, conversation: Conversation) -> None:
        if conversation.id in self._world.conversations:
            raise Conflict("there is a conversation of this id")
        self._world.current[room_of(conversation.address)] = conversation.id
        self._keep(conversation)

    async def save(self, conversation: Conversation, said: Sequence[Entry] = ()) -> None:
        stored = self._world.conversations.get(conversation.id)
        if stored is None or stored.revision != conversation.revision:
            raise Conflict("the conversation was saved by somebody else")
        self._keep(replace(conversation, revision=conversation.revision + 1))
        await FakeTranscript(self._world).add(conversation.id, said)

    async def settle(self, handoff: str, by: Person, now: datetime) -> bool:  # noqa: ARG002 - a store without a clock
        line = self._world.owed.get(handoff)
        if line is None or not by.may_handle(line):
            return False
        del self._world.owed[handoff]
        self._announce("desk", handoff.encode())
        return True

    def _keep(self, conversation: Conversation) -> None:
        self._world.conversations[conversation.id] = conversation
        if conversation.handoff is not None:
            self._world.handoffs[conversation.handoff.id] = conversation.id
            if conversation.handoff.staff_thread is not None:
                self._world.threads[conversation.handoff.staff_thread.key()] = conversation.id
            self._announce("desk", conversation.handoff.id.encode())
            self._world.owed.pop(conversation.handoff.id, None)
            if conversation.handoff.owes():
                self._world.owed[conversation.handoff.id] = conversation.line


class FakeOutbox:
    def __init__(self, world: World, store: "FakeStore") -> None:
        self._world = world
        self._store = store

    async def add(self, conversation: str, rows: Sequence[Outbound]) -> None:
        for row in rows:
            self._world.require(conversation)
            number = len(self._world.outbox) + 1
            new = FakeMessage(
                id=number, outbound=row, room=room_of(row.address), conversation=conversation
            )
            self._world.outbox.setdefault(row.key, new)

    async def withdraw(self, key: str) -> bool:
        row = self._world.outbox.get(key)
        if row is None or row.state != "unsent":
            return False
        self._put(replace(row, state="dropped"))
        return True

    async def claim(self, room: str, now: datetime) -> OutboxRow | None:
        rows = (r for r in tuple(self._world.outbox.values()) if r.room == room)
        for row in rows:
            if row.state not in ("unsent", "sending"):
                continue
            if row.state == "sending" and self._store.is_sending(row):
                return None
            if self._is_stale(row):
                self._put(replace(row, state="dropped"))
                self._world.withdrawn[row.outbound.key] = True
                continue
            if row.due_at > now:
                return None
            since = row.since or now  # without a clock of its own: as old as its first claim
            marked = replace(
                row, state="sending", tries=row.tries + 1, sending_by=self._store.me, since=since
            )
            self._put(marked)
            self._store.hold(row.id)
            return OutboxRow(
                id=row.id,
                outbound=self._aimed(row.outbound),
                conversation=row.conversation,
                tries=marked.tries,
                added_at=since,
            )
        return None

    async def settle(self, row_id: int, state: Settled, *, receipt: Receipt | None = None) -> None:
        if (row := self._mine(row_id)) is not None:
            self._put(replace(row, state=state, receipt=receipt))

    async def postpone(self, row_id: int, due_at: datetime) -> None:
        if (row := self._mine(row_id)) is not None:
            self._put(replace(row, state="unsent", due_at=due_at, sending_by=None))

    async def wake(self, room: str) -> bool:
        back = [
            row
            for row in self._world.outbox.values()
            if row.room == room and row.state == "unsent" and row.tries
        ]
        for row in back:
            self._put(replace(row, due_at=EPOCH))
        return bool(back)

    async def reached(self, message_id: str, state: Reach) -> Reached | None:
        order = ("", "delivered", "read", "failed")
        for row in self._world.outbox.values():
            if row.receipt is None or row.receipt.message_id != message_id:
                continue
            far = order.index(row.reached)
            moved = (far == 0) if state == "failed" else far < order.index(state)
            if moved:
                self._put(replace(row, reached=state))
            return Reached(outbound=row.outbound, conversation=row.conversation, moved=moved)
        return None

    def _aimed(self, outbound: Outbound) -> Outbound:
        replaced = self._world.outbox.get(outbound.replaces or "")
        if outbound.target is not None or replaced is None or replaced.receipt is None:
            return outbound
        return replace(outbound, target=replaced.receipt.message_id)

    def _is_stale(self, row: FakeMessage) -> bool:
        version = self._world.conversations[row.conversation].version
        return row.outbound.author == "bot" and row.outbound.holder_version != version

    def _mine(self, row_id: int) -> FakeMessage | None:
        rows = (r for r in self._world.outbox.values() if r.id == row_id)
        mine = (r for r in rows if r.state == "sending" and r.sending_by == self._store.me)
        return next(mine, None)

    def _put(self, row: FakeMessage) -> None:
        self._world.outbox[row.outbound.key] = row


class FakeTimers:
    def __init__(self, world: World) -> None:
        self._world = world
        self._timers = world.timers

    async def set(self, timer: Timer) -> None:
        self._world.require(timer.conversation)
        self._timers[timer.conversation, timer.kind] = timer

    async def take_due(self, now: datetime, *, limit: int = 100) -> tuple[Timer, ...]:
        due = sorted((t for t in self._timers.values() if t.due_at <= now), key=lambda t: t.due_at)
        for timer in due[:limit]:
            del self._timers[timer.conversation, timer.kind]
        return tuple(due[:limit])


class FakeFeed:
    def __init__(self, world: World, announce: Announce) -> None:
        self._world = world
        self._announce = announce

    async def add(self, room: Address, key: str, body: bytes) -> int:
        if key not in self._world.feed:
            place = sum(1 for owner, _ in self._world.feed.values() if owner == room.key())
            item = FeedItem(seq=place + 1, body=body)
            self._world.feed[key] = (room.key(), item)
            self._announce(f"room:{room.key()}", item.announced())
        return self._world.feed[key][1].seq

    async def read(self, room: Address, *, after: int, limit: int = 500) -> tuple[FeedItem, ...]:
        items = (item for owner, item in self._world.feed.values() if owner == room.key())
        return tuple(item for item in items if item.seq > after)[:limit]

    async def holds(self, conversation: str, version: int) -> bool:
        found = self._world.conversations.get(conversation)
        return found is not None and found.version == version

    async def signal(self, room: Address, body: bytes) -> None:
        self._announce(f"room:{room.key()}", body)


class FakeTransaction:
    """One commit on a copy of the world."""

    def __init__(self, store: "FakeStore", world: World) -> None:
        self.world = world
        self.announced: list[tuple[str, bytes]] = []
        self.jobs: list[Job] = []
        self.events = FakeEvents(world)
        self.conversations = FakeConversations(world, self._announce)
        self.transcript = FakeTranscript(world)
        self.outbox = FakeOutbox(world, store)
        self.timers = FakeTimers(world)
        self.composing = FakeComposing(world.composes, world.costs)
        self.feed = FakeFeed(world, self._announce)
        self.results = FakeResults(world)
        self.consents = FakeConsents(world)

    def room(self, address: Address) -> str:
        return room_of(address)

    async def later(self, job: Job) -> None:
        self.jobs.append(job)

    def _announce(self, topic: str, payload: bytes) -> None:
        self.announced.append((topic, payload))


@dataclass
class Shared:
    """What processes share: the world, its lock, the jobs, who lives."""

    world: World = field(default_factory=World)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    jobs: list[Job] = field(default_factory=list)
    announced: list[tuple[str, bytes]] = field(default_factory=list)
    live: set[str] = field(default_factory=set)
    inside: "asyncio.Task[Any] | None" = None


class FakeStore:
    """A `Store` in memory.

    Committed jobs are in `jobs`, announcements in `announced` and passed to `announce`; `world`
    has the rows. `away` makes the database unreachable, `twin()` is another process on it,
    `die()` stops this one's heart.
    """

    def __init__(self, *, announce: Announce | None = None, shared: Shared | None = None) -> None:
        self.me = secrets.token_hex(8)
        self.away = False
        self._announce = announce
        self._shared = shared or Shared()
        self._shared.live.add(self.me)
        self._busy: set[int] = set()

    @property
    def world(self) -> World:
        return self._shared.world

    @property
    def jobs(self) -> list[Job]:
        return self._shared.jobs

    @property
    def announced(self) -> list[tuple[str, bytes]]:
        return self._shared.announced

    def twin(self) -> "FakeStore":
        return FakeStore(announce=self._announce, shared=self._shared)

    def die(self) -> None:
        self._shared.live.discard(self.me)

    def idle(self, row_id: int) -> None:
        self._busy.discard(row_id)

    def hold(self, row_id: int) -> None:
        self._busy.add(row_id)

    def is_sending(self, row: FakeMessage) -> bool:
        if row.sending_by == self.me:
            return row.id in self._busy
        return row.sending_by in self._shared.live

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[FakeTransaction]:
        if self.away:
            raise Unavailable("the database is away")
        if self._shared.inside is asyncio.current_task():
            raise RuntimeError("a transaction inside a transaction waits for itself")
        async with self._shared.lock:
            self._shared.inside = asyncio.current_task()
            try:
                transaction = FakeTransaction(self, self.world.copy())
                yield transaction
            finally:
                self._shared.inside = None
            self._commit(transaction)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[FakeTransaction]:
        if self.away:
            raise Unavailable("the database is away")
        transaction = FakeTransaction(self, self.world.copy())
        yield transaction
        self._tell(transaction)

    async def take(self, event: Inbound, *, shown: bytes | None = None) -> bool:
        async with self.transaction() as t:
            if not await t.events.add(event):
                return False
            await t.later(Job(kind="handle", room=t.room(event.address)))
            if shown is not None:
                await t.feed.add(event.address, event.key, shown)
        return True

    async def finish(self, turn: PlainTurn) -> bool:
        async with self.transaction() as t:
            more = await t.events.done(turn.event)
            await t.conversations.save(turn.conversation, turn.said)
            for one in turn.shown:
                await t.feed.add(turn.conversation.address, one.key, one.body)
        return more

    def _commit(self, transaction: FakeTransaction) -> None:
        if self.away:
            raise Unavailable("the database went away")
        self._shared.world = transaction.world
        self.jobs.extend(transaction.jobs)
        self._tell(transaction)

    def _tell(self, transaction: FakeTransaction) -> None:
        self.announced.extend(transaction.announced)
        for topic, payload in transaction.announced:
            if self._announce is not None:
                self._announce(topic, payload)

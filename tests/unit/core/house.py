"""The whole core over fakes, with jobs that run when a test says so."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from bot.core.accept import accept
from bot.core.amending import Amending
from bot.core.assist import Assisting
from bot.core.clockwork import Clockwork
from bot.core.commit import Commit
from bot.core.composing import Composing
from bot.core.delivery import Delivery
from bot.core.ladder import Climb
from bot.core.lines import Lines
from bot.core.middleware import compose
from bot.core.press import PressLane
from bot.core.process import Process
from bot.core.relay import Relay
from bot.core.routes import build_router
from bot.core.rules.book import RuleBook
from bot.core.rules.calling import Judge
from bot.core.rules.section import shipped
from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Entry
from bot.domain.errors import Conflict
from bot.domain.knowledge import Article
from bot.domain.line import Line
from bot.domain.message import Address, Inbound, InboundKind, Part, Pressed, Sender, Text
from bot.domain.ports import Job, PlainTurn, Store, Writer
from bot.domain.rules import Judgement, Rule
from tests.fakes.channel import FakeChannel, FakeInsideChannel
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeStaffBook
from tests.fakes.files import FakeFiles
from tests.fakes.library import FakeLibrary
from tests.fakes.oncall import FakeOnCall
from tests.fakes.reader import FakeReader
from tests.fakes.store import FakeStore, FakeTransaction
from tests.fakes.world import room_of

ROOM = Address(channel="fake", account="shop", room="r1")
STAFF_ROOM = Address(channel="fake", account="team", room="desk")
THREAD = Address(channel="fake", account="team", room="desk", thread="1")
SMS = Address(channel="sms", account="+4930", room="")
RETURNS = Article(id="returns", question="How do I return something", answer="By post.", url="u")
PAYING = Article(id="paying", question="How can I pay", answer="By card.")
ADA = Person(id="ada", name="Ada")
BEN = Person(id="ben", name="Ben")
EVE = Person(id="eve", name="Eve", lines=("it",))
MAX_TRIES = 3
SHIPPED = shipped()


def line(**changes: Any) -> Line:
    given: dict[str, Any] = {"name": "shop", "title": "the shop", "kb": "shop"}
    given |= {"addresses": ("fake:shop", "web:shop")}
    return Line(**(given | changes))


class House:
    """The product without its outside.

    `say` and `press` are a customer's doings, `run` works until nothing is left to do.
    """

    def __init__(  # noqa: PLR0913  what a test changes, by name
        self,
        *lines: Line,
        writer: Writer | None = None,
        store: Any = None,
        truth: FakeStore | None = None,
        channels: Sequence[FakeChannel] = (),
        middleware: Sequence[Any] = (),
        reader: FakeReader | None = None,
        rules: Sequence[Rule] = SHIPPED,
        tags: Mapping[str, tuple[str, ...]] | None = None,
        assists: bool = False,
    ) -> None:
        self.truth = truth or FakeStore()
        self.store: Store = store or self.truth
        self.clock = FakeClock()
        self.reader = reader or FakeReader()
        self.library = FakeLibrary(shop=(RETURNS, PAYING), it=())
        self.lines = Lines(lines or (line(),))
        self.channel = channels[0] if channels else FakeChannel()
        self.oncall = FakeOnCall()
        self.staff = FakeStaffBook(self.clock)
        self.files = FakeFiles()
        self.channels = {c.name: c for c in (channels or (self.channel, FakeInsideChannel()))}
        self.judged: list[Judgement] = []
        judge = Judge(
            book=RuleBook(rules),
            reader=self.reader,
            lines=self.lines,
            tags=tags or {},
            told=self.judged.append,
        )
        router = build_router(self.library, judge, composes=writer is not None)
        assisting = Assisting(self.library, self.lines, self.staff, self.channels)
        layers = (*middleware, assisting) if assists else middleware
        self.route = compose(layers, router)
        self.delivery = Delivery(self.store, self.clock, self.channels, title=self.lines.title)
        self.commits(Commit(self.channels))
        self.composing = None if writer is None else self._composing(writer)
        self._count = 0

    def commits(self, commit: Commit) -> None:
        """Give those who decide their way to commit."""
        self.desk = PressLane(self.store, commit, self.clock, self.lines)
        self.amending = Amending(self.store, commit, self.clock)
        self.relay = Relay(
            store=self.store,
            commit=commit,
            clock=self.clock,
            lines=self.lines,
            staff=self.staff,
            press=self.desk,
            amending=self.amending,
            files=self.files,
        )
        self.process = Process(
            store=self.store,
            commit=commit,
            clock=self.clock,
            reader=self.reader,
            lines=self.lines,
            route=self.route,
            max_tries=MAX_TRIES,
            relay=self.relay,
        )
        climb = Climb(self.oncall, self.channels, SMS)
        self.clockwork = Clockwork(self.store, commit, self.clock, self.lines, climb)

    def _composing(self, writer: Writer) -> Composing:
        return Composing(
            store=self.store,
            clock=self.clock,
            library=self.library,
            writer=writer,
            lines=self.lines,
            channels=self.channels,
            budget=timedelta(seconds=20),
        )

    # --- what customers do --------------------------------------------------------------------

    async def event(
        self,
        *parts: Part,
        kind: InboundKind = "message",
        key: str | None = None,
        room: Address = ROOM,
        sender: str = "max",
        changes: str | None = None,
        message: str | None = None,
    ) -> Inbound:
        self._count += 1
        event = Inbound(
            key=key or f"{room.channel}:{room.room}:e{self._count}",
            trace=f"t{self._count}",
            address=room,
            sender=Sender(handle=sender, name=sender.title()),
            parts=parts,
            sent_at=self.clock.now(),
            kind=kind,
            message_id=message or f"in{self._count}",
            changes=changes,
        )
        async with self.store.transaction() as transaction:
            await accept(transaction, event)
        return event

    async def say(self, words: str, **how: Any) -> Inbound:
        event = await self.event(Text(text=words), **how)
        await self.run()
        return event

    async def press(self, value: str, label: str | None = None, **how: Any) -> Inbound:
        event = await self.event(Pressed(value=value, label=label), kind="pressed", **how)
        await self.run()
        return event

    # --- the engine ---------------------------------------------------------------------------

    async def run(self) -> None:
        """Do the jobs that are there, and those that follow."""
        while due := [job for job in self.truth.jobs if self._is_due(job)]:
            self.truth.jobs.remove(due[0])
            await self.work(due[0])

    def _is_due(self, job: Job) -> bool:
        return job.due_at is None or job.due_at <= self.clock.now()

    async def work(self, job: Job) -> None:
        if job.kind == "handle":
            await self.handle(job.room)
        elif job.kind == "deliver":
            await self.delivery.deliver(job.room)
        elif self.composing is not None:
            await self.composing.compose(job.ref)

    async def handle(self, room: str) -> list[str]:
        """All steps of a room as a worker takes them; the classes of what failed."""
        failures: list[str] = []
        while True:
            try:
                if not await self.process.step(room):
                    return failures
            except Conflict:
                continue
            except Exception as exc:  # noqa: BLE001  counted by the process
                failures.append(type(exc).__name__)
                assert len(failures) < 10, failures

    def sweep(self) -> None:
        """Start jobs for all that is undone, as the real sweep does."""
        world = self.truth.world
        rooms = [e.room for e in world.events.values() if e.state == "undone"]
        unsent = [m.room for m in world.outbox.values() if m.state in ("unsent", "sending")]
        self.truth.jobs.clear()
        self.truth.jobs.extend(Job(kind="handle", room=r) for r in dict.fromkeys(rooms))
        self.truth.jobs.extend(Job(kind="compose", room="", ref=c) for c in world.composes)
        self.truth.jobs.extend(Job(kind="deliver", room=r) for r in dict.fromkeys(unsent))

    # --- what can be seen ---------------------------------------------------------------------

    def conversation(self, room: Address = ROOM) -> Conversation:
        world = self.truth.world
        return world.conversations[world.current[room_of(room)]]

    @property
    def handoff(self) -> str:
        handoff = self.conversation().handoff
        assert handoff is not None
        return handoff.id

    def told(self, room: Address = ROOM) -> list[str]:
        """What the people in a room have been sent, in order."""
        return [row.text() for row in self.channel.shown if row.address == room]

    def transcript(self, room: Address = ROOM) -> list[Entry]:
        world, name = self.truth.world, self.conversation(room).id
        lines = [e for owner, e in world.entries.values() if owner == name]
        return [e for e in lines if e.key not in world.withdrawn]

    def decisions(self) -> list[str | None]:
        return [e.decision for e in self.transcript() if e.author == "customer"]

    def states(self) -> list[str]:
        return [row.state for row in self.truth.world.outbox.values()]


class Crash(BaseException):
    """The process dies here."""


class CrashingStore:
    """A store whose process dies at one of its transactions: before its commit, or just after."""

    def __init__(self, truth: FakeStore, at: int, *, committed: bool) -> None:
        self._truth = truth
        self._at = at
        self._committed = committed
        self.count = 0

    def idle(self, row_id: int) -> None:
        self._truth.idle(row_id)

    async def take(self, event: Inbound, *, shown: bytes | None = None) -> bool:
        return await self._truth.take(event, shown=shown)

    async def finish(self, turn: PlainTurn) -> bool:
        self.count += 1
        if self.count == self._at and not self._committed:
            raise Crash
        more = await self._truth.finish(turn)
        if self.count == self._at:
            raise Crash
        return more

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[FakeTransaction]:
        async with self.transaction() as transaction:
            yield transaction

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[FakeTransaction]:
        self.count += 1
        now = self.count == self._at
        async with self._truth.transaction() as transaction:
            yield transaction
            if now and not self._committed:
                raise Crash
        if now:
            raise Crash

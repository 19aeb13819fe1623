"""A desk over fakes: a running server, a press lane made of the state machine, and people."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.core.amending import Amended
from bot.core.teaching import Teaching
from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Entry
from bot.domain.desk import Session
from bot.domain.errors import TransitionRefused, Unavailable
from bot.domain.handoff import Handoff
from bot.domain.message import Address, Choice, Choices, Citation, Sources, Text
from bot.domain.transitions import Act, advance
from bot.server.desk.app import desk_app
from bot.server.desk.deps import DeskDeps
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeBoard, FakeModes, FakeNotices, FakeStaffBook
from tests.fakes.files import FakeFiles
from tests.fakes.shelf import FakeShelf

ADA: Final = Person(id="ada", name="Ada", email="ada@example.org", rights=("handle", "operate"))
BEN: Final = Person(id="ben", name="Ben")
CLEO: Final = Person(id="cleo", name="Cleo", lines=("it",))
OPA: Final = Person(id="opa", name="Opa", rights=("operate",))
IDA: Final = Person(id="ida", name="Ida", lines=("it",), rights=("operate",))
STAFF: Final = (ADA, BEN, CLEO, OPA, IDA)
HORSE: Final = "correct horse"
SCRIPT: Final = "<script>alert(1)</script><img src=x onerror=alert(2)>"

Client = TestClient[web.Request, web.Application]


class FakePressLane:
    """Acts on the board's conversations by the rules of the state machine, at once."""

    def __init__(self, board: FakeBoard, clock: FakeClock) -> None:
        self._board = board
        self._clock = clock
        self.replies: list[tuple[str, str, str, str]] = []
        self.notes: list[tuple[str, str, str, str]] = []
        self.away = False
        self.forgotten: set[str] = set()  # hand-offs whose conversation has a newer one

    async def act(self, handoff: str, act: Act, by: Person) -> Conversation:
        conversation = await self._find(handoff)
        held = conversation.handoff
        if act == "claim" and conversation.holder == "human" and held and held.claimed_by == by.id:
            return conversation
        moved = advance(conversation, act, now=self._clock.now(), by=by)
        self._board.put(moved)
        return moved

    async def reply(self, handoff: str, by: Person, text: str, key: str) -> None:
        conversation = await self._find(handoff)
        if conversation.holder != "human":
            raise TransitionRefused("not_claimed")
        held = conversation.handoff
        if held is None or held.claimed_by != by.id:
            raise TransitionRefused("not_yours", holder_name=held.claimed_name if held else None)
        self.replies.append((handoff, by.id, text, key))
        self._say(conversation, by, text, key, kind="said")

    async def note(self, handoff: str, by: Person, text: str, key: str) -> None:
        conversation = await self._find(handoff)
        self.notes.append((handoff, by.id, text, key))
        self._say(conversation, by, text, key, kind="note")

    async def settle(self, handoff: str, by: Person) -> None:
        held = await self._find(handoff)
        if held.handoff is None or held.handoff.request is None or not held.handoff.owes():
            raise TransitionRefused("closed")
        request = replace(held.handoff.request, done_at=self._clock.now(), done_by=by.id)
        self._board.put(replace(held, handoff=replace(held.handoff, request=request)))

    async def _find(self, handoff: str) -> Conversation:
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable("the database is away")
        conversation = self._board.find(handoff)
        if conversation is None or handoff in self.forgotten:
            raise TransitionRefused("unknown")
        return conversation

    def _say(self, c: Conversation, by: Person, text: str, key: str, *, kind: str) -> None:
        at = self._clock.now()
        parts = (Text(text=text),)
        if kind == "note":
            entry = Entry(key=key, kind="note", author="staff", parts=parts, at=at, name=by.name)
        else:
            entry = Entry(key=key, kind="said", author="staff", parts=parts, at=at, name=by.name)
        self._board.add(c.id, entry)


class FakeAmends:
    """Changes lines of the board's transcripts, for whoever they are told to be of."""

    def __init__(self, board: FakeBoard) -> None:
        self._board = board
        self.refusal: Exception | None = None

    async def edit_reply(self, handoff: str, by: Person, line: str, text: str, key: str) -> Amended:
        self._change(handoff, by, line, key, (Text(text=text),))
        return "changed"

    async def delete_reply(self, handoff: str, by: Person, line: str, key: str) -> Amended:
        self._change(handoff, by, line, key, ())
        return "taken_back"

    def _change(
        self, handoff: str, by: Person, line: str, key: str, parts: tuple[Text, ...]
    ) -> None:
        held = self._board.find(handoff)
        if held is None or not by.may_handle(held.line):
            raise TransitionRefused("unknown")
        if self.refusal:
            raise self.refusal
        old = next(e for e in self._board.entries[held.id] if e.key == line)
        self._board.add(held.id, replace(old, key=key, parts=parts, replaces=line))


class FakeFiling:
    """Remembers what was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str, bytes, str]] = []

    async def send(self, handoff: str, by: Person, name: str, content: bytes, key: str) -> None:
        self.sent.append((handoff, by.id, name, content, key))


class FakeDismiss:
    """Remembers what was dismissed."""

    def __init__(self) -> None:
        self.dismissed: list[tuple[str, str, str]] = []

    async def __call__(self, handoff: str, by: Person, assist: str) -> None:
        self.dismissed.append((handoff, by.id, assist))


class FakeTyping:
    """Remembers who typed."""

    def __init__(self) -> None:
        self.typed: list[tuple[str, str]] = []

    async def staff_types(self, handoff: str, by: Person) -> bool:
        self.typed.append((handoff, by.id))
        return True


@dataclass
class House:
    """The server and everything behind it."""

    clock: FakeClock
    secure_cookies: bool = False
    public_hosts: frozenset[str] = frozenset()
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    board: FakeBoard = field(default_factory=FakeBoard)
    modes: FakeModes = field(default_factory=FakeModes)
    shelf: FakeShelf = field(default_factory=FakeShelf)
    notices: FakeNotices = field(default_factory=FakeNotices)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def open(self) -> None:
        self.staff = FakeStaffBook(self.clock)
        self.press = FakePressLane(self.board, self.clock)
        self.amends = FakeAmends(self.board)
        self.typing = FakeTyping()
        self.files = FakeFiles()
        self.filing = FakeFiling()
        self.dismiss = FakeDismiss()
        for person in STAFF:
            await self.staff.put(person, password=HORSE if person is ADA else None)
        root = web.Application()
        root.add_subapp("/desk", desk_app(self.deps()))
        self.server = TestServer(root)
        await self.stack.enter_async_context(self.server)

    def deps(self) -> DeskDeps:
        return DeskDeps(
            press=self.press,
            amends=self.amends,
            dismiss=self.dismiss,
            typing=self.typing,
            filing=self.filing,
            files=self.files,
            board=self.board,
            staff=self.staff,
            modes=self.modes,
            teaching=Teaching(self.shelf, self.shelf, self.clock),
            notices=self.notices,
            clock=self.clock,
            lines={"shop": ("Shop", "on"), "it": ("IT help desk", "share")},
            secure_cookies=self.secure_cookies,
            closing=self.closing,
            public_hosts=self.public_hosts,
        )

    async def visitor(self) -> Client:
        """A browser that is not signed in."""
        return await self.stack.enter_async_context(TestClient(self.server))

    async def at_desk(self, person: Person = ADA) -> Client:
        """A browser where somebody is signed in."""
        client = await self.visitor()
        token = await self.staff.link(person.id, valid=timedelta(minutes=5))
        answer = await client.get(f"/desk/login?token={token}", allow_redirects=False)
        assert answer.status == 303
        return client

    async def session(self, person: Person = ADA) -> tuple[str, Session]:
        link = await self.staff.link(person.id, valid=timedelta(minutes=5))
        return await self.staff.sign_in(token=link)

    def waiting(self, handoff: str = "h1", *, line: str = "shop", text: str = "Hello") -> None:
        """Somebody asks for a person."""
        now = self.clock.now()
        opened = Conversation(
            id=f"c-{handoff}",
            line=line,
            address=Address(channel="web", account=line, room=f"room-{handoff}"),
            opened_at=now,
        )
        wanted = Handoff(
            id=handoff,
            reason="asked",
            opened_at=now,
            summary=f"Wants help: {text}",
            tried=("Delivery times",),
        )
        moved = advance(opened, "hand_over", now=now, handoff=wanted)
        asked = Entry(
            key="1",
            kind="said",
            author="customer",
            parts=(Text(text=text),),
            at=now,
            decision="choices",
        )
        self.board.put(moved, asked, self._answered())

    def _answered(self) -> Entry:
        cited = Citation(article="a", title="Delivery times", url="https://example.org/faq")
        odd = Citation(article="b", title="Odd", url="javascript:alert(1)")
        return Entry(
            key="2",
            kind="said",
            author="bot",
            parts=(
                Text(text="Did you mean one of these?"),
                Sources(items=(cited, odd)),
                Choices(options=(Choice(label="Delivery", value="a"),)),
            ),
            at=self.clock.now(),
        )

"""The desk's ports in memory: board, staff book, modes, notices."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Entry
from bot.domain.desk import Arrival, HandoffDetail, HandoffRow, Session, Unsent
from bot.domain.errors import BadRequest, NotAuthentic, Unavailable
from bot.domain.handoff import Handoff
from bot.domain.line import Mode
from bot.domain.message import Address
from bot.domain.ports import Clock
from bot.domain.results import Rating

SESSION_LASTS = timedelta(hours=12)


class FakeBoard:
    """Reads hand-offs off conversations that the test puts here and its press lane changes.

    A hand-off that has left its conversation (a new one was opened) is forgotten.
    """

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.entries: dict[str, list[Entry]] = {}
        self.unsent: dict[str, Unsent] = {}
        self.reached: dict[str, Arrival] = {}
        self.ratings: dict[str, Rating] = {}
        self.away = False

    def put(self, conversation: Conversation, *entries: Entry) -> None:
        self.conversations[conversation.id] = conversation
        for entry in entries:
            self.add(conversation.id, entry)

    def add(self, conversation: str, entry: Entry) -> None:
        said = self.entries.setdefault(conversation, [])
        if all(entry.key != known.key for known in said):
            said.append(replace(entry, seq=len(said) + 1))

    def find(self, handoff: str) -> Conversation | None:
        found = (c for c in self.conversations.values() if c.handoff and c.handoff.id == handoff)
        return next(found, None)

    async def open(self, lines: Sequence[str] | None) -> tuple[HandoffRow, ...]:
        rows = [row for row in self._rows(lines) if row.state != "ended"]
        return tuple(sorted(rows, key=lambda r: (r.state != "waiting", r.opened_at)))

    async def recent(self, lines: Sequence[str] | None, *, limit: int) -> tuple[HandoffRow, ...]:
        rows = [row for row in self._rows(lines) if row.state == "ended"]
        return tuple(sorted(rows, key=lambda r: r.opened_at, reverse=True)[:limit])

    async def asked_by(self, line: str, place: Address, handle: str) -> tuple[HandoffRow, ...]:
        theirs = {
            c.id
            for c in self.conversations.values()
            if handle in c.customers
            and (c.address.channel, c.address.account) == (place.channel, place.account)
        }
        rows = [r for r in await self.open([line]) if r.conversation in theirs]
        return tuple(sorted(rows, key=lambda r: r.opened_at, reverse=True))

    async def detail(self, handoff: str) -> HandoffDetail | None:
        self._reach()
        conversation = self.find(handoff)
        if conversation is None or conversation.handoff is None:
            return None
        return HandoffDetail(
            row=_row(conversation, conversation.handoff),
            conversation=conversation,
            entries=tuple(self.entries.get(conversation.id, ())),
            tried=conversation.handoff.tried,
            unsent=dict(self.unsent),
            reached=dict(self.reached),
            rating=self.ratings.get(handoff),
        )

    def _rows(self, lines: Sequence[str] | None) -> list[HandoffRow]:
        self._reach()
        return [
            _row(c, c.handoff)
            for c in self.conversations.values()
            if c.handoff and (lines is None or c.line in lines)
        ]

    def _reach(self) -> None:
        if self.away:
            raise Unavailable("the database is away")


def _row(conversation: Conversation, handoff: Handoff) -> HandoffRow:
    return HandoffRow(
        id=handoff.id,
        conversation=conversation.id,
        line=conversation.line,
        state=conversation.handoff_state(),
        reason=handoff.reason,
        priority=handoff.priority,
        opened_at=handoff.opened_at,
        claimed_by=handoff.claimed_by,
        claimed_name=handoff.claimed_name,
        summary=handoff.summary,
        outcome=handoff.outcome,
        waiting_since=handoff.opened_at if conversation.holder == "waiting" else None,
        rule=handoff.rule,
    )


@dataclass
class _Link:
    person: str
    expires_at: datetime


@dataclass
class FakeStaffBook:
    """Staff, links and sessions, with readable tokens and passwords."""

    clock: Clock
    away: bool = False
    _people: dict[str, Person] = field(default_factory=dict)
    _passwords: dict[str, str] = field(default_factory=dict)
    _links: dict[str, _Link] = field(default_factory=dict)
    _sessions: dict[str, _Link] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    async def people(self) -> tuple[Person, ...]:
        self._reach()
        return tuple(sorted(self._people.values(), key=lambda p: p.name))

    async def put(self, person: Person, *, password: str | None = None) -> None:
        self._reach()
        self._people[person.id] = person
        if password is not None:
            self._passwords[person.id] = password
            self._forget(person.id)

    async def remove(self, person: str) -> None:
        self._reach()
        if person not in self._people:
            raise BadRequest(f"There is nobody called {person}.")
        self._forget(person)
        del self._people[person]
        self._passwords.pop(person, None)

    async def link(self, person: str, *, valid: timedelta) -> str:
        self._reach()
        if person not in self._people:
            raise BadRequest(f"There is nobody called {person}.")
        token = f"link-{next(self._numbers)}"
        self._links[token] = _Link(person, self.clock.now() + valid)
        return token

    async def sign_in(
        self, *, token: str | None = None, login: str | None = None, password: str | None = None
    ) -> tuple[str, Session]:
        self._reach()
        person = self._linked(token) if token is not None else self._known(login, password)
        if person is None:
            raise NotAuthentic("sign-in refused")
        opened = f"session-{next(self._numbers)}"
        self._sessions[opened] = _Link(person.id, self.clock.now() + SESSION_LASTS)
        return opened, Session(person=person, expires_at=self._sessions[opened].expires_at)

    async def session(self, token: str) -> Session | None:
        self._reach()
        held = self._sessions.get(token)
        if held is None or held.expires_at <= self.clock.now():
            return None
        return Session(person=self._people[held.person], expires_at=held.expires_at)

    async def sign_out(self, token: str) -> None:
        self._reach()
        self._sessions.pop(token, None)

    def _forget(self, person: str) -> None:
        for tokens in (self._links, self._sessions):
            for token in [t for t, held in tokens.items() if held.person == person]:
                del tokens[token]

    def _linked(self, token: str) -> Person | None:
        link = self._links.pop(token, None)
        if link is None or link.expires_at <= self.clock.now():
            return None
        return self._people.get(link.person)

    def _known(self, login: str | None, password: str | None) -> Person | None:
        for person in self._people.values():
            known = self._passwords.get(person.id)
            if login in (person.id, person.email) and known is not None and known == password:
                return person
        return None

    def _reach(self) -> None:
        if self.away:
            raise Unavailable("the database is away")


class FakeModes:
    """Switched modes in a dict."""

    def __init__(self) -> None:
        self._modes: dict[str, Mode] = {}

    async def all(self) -> dict[str, Mode]:
        return dict(self._modes)

    async def switch(self, line: str, mode: Mode, *, by: str) -> None:  # noqa: ARG002 - the fake keeps no log
        self._modes[line] = mode


class FakeSubscription:
    """Payloads of one topic since the last wait."""

    def __init__(self) -> None:
        self._payloads: list[bytes] = []
        self._rang = asyncio.Event()

    def put(self, payload: bytes) -> None:
        self._payloads.append(payload)
        self._rang.set()

    async def wait(self, seconds: float) -> tuple[bytes, ...]:
        try:
            async with asyncio.timeout(seconds):
                await self._rang.wait()
        except TimeoutError:
            return ()
        self._rang.clear()
        heard, self._payloads = tuple(self._payloads), []
        return heard


class FakeNotices:
    """Announcements inside one process."""

    def __init__(self) -> None:
        self.listeners: dict[str, list[FakeSubscription]] = {}

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[FakeSubscription]:
        subscription = FakeSubscription()
        self.listeners.setdefault(topic, []).append(subscription)
        try:
            yield subscription
        finally:
            self.listeners[topic].remove(subscription)

    async def tell(self, topic: str, payload: bytes) -> None:
        self.announce(topic, payload)

    def announce(self, topic: str, payload: bytes) -> None:
        for subscription in self.listeners.get(topic, ()):
            subscription.put(payload)

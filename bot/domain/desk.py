"""What the web desk sees, who sits at it, and the ports that tell it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeAlias

from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Entry, Holder
from bot.domain.line import Mode
from bot.domain.message import Address
from bot.domain.results import Rating


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRow:
    """One hand-off as a list shows it. `state` is the holder while it is open, else "ended"."""

    id: str
    conversation: str
    line: str
    state: Holder | str
    reason: str
    priority: str
    opened_at: datetime
    claimed_by: str | None
    claimed_name: str | None
    summary: str
    outcome: str | None
    waiting_since: datetime | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A message that is not with the customer: how often sending it was tried, and given up.

    `waits`: it goes out once they write again.
    """

    tries: int = 0
    given_up: bool = False
    waits: bool = False


Arrival: TypeAlias = Literal["sent", "delivered", "read"]
"""Taken by the platform, on their device, seen by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffDetail:
    """One hand-off opened: its row, the conversation it belongs to, and the transcript.

    `unsent` tells, by the key of what staff said, what has not been sent yet or was given up;
    everything else has arrived. `reached` tells how far, where the platform does.
    """

    row: HandoffRow
    conversation: Conversation
    entries: tuple[Entry, ...]
    tried: tuple[str, ...]
    unsent: Mapping[str, Unsent] = field(default_factory=dict)
    reached: Mapping[str, Arrival] = field(default_factory=dict)
    rating: Rating | None = None


class Board(Protocol):
    """The desk's reading side. It never changes anything."""

    async def open(self, lines: Sequence[str] | None) -> tuple[HandoffRow, ...]:
        """Waiting and claimed hand-offs of these lines (None = all), the longest waiting first."""
        ...

    async def recent(self, lines: Sequence[str] | None, *, limit: int) -> tuple[HandoffRow, ...]:
        """Ended hand-offs, newest first."""
        ...

    async def asked_by(self, line: str, place: Address, handle: str) -> tuple[HandoffRow, ...]:
        """Open hand-offs of a line for somebody of the account that `place` is in, newest first.

        `place` tells channel and account alone; `handle` is theirs there.
        """
        ...

    async def detail(self, handoff: str) -> HandoffDetail | None:
        """One hand-off with everything; None when there is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in person."""

    person: Person
    expires_at: datetime


class StaffBook(Protocol):
    """Staff and how they sign in. Tokens are stored hashed; passwords with argon2."""

    async def people(self) -> tuple[Person, ...]:
        """Everybody, by name."""
        ...

    async def put(self, person: Person, *, password: str | None = None) -> None:
        """Add or change somebody.

        A password replaces the earlier one, and ends their sessions and open links.
        """
        ...

    async def remove(self, person: str) -> None:
        """Take somebody away: sessions and links end. Raises `BadRequest` for an unknown one."""
        ...

    async def link(self, person: str, *, valid: timedelta) -> str:
        """A one-time sign-in token. Raises `BadRequest` for an unknown person."""
        ...

    async def sign_in(
        self, *, token: str | None = None, login: str | None = None, password: str | None = None
    ) -> tuple[str, Session]:
        """A session token for a one-time token, or for id (or e-mail) and password.

        Raises `NotAuthentic`, after the same work whether or not the person exists.
        """
        ...

    async def session(self, token: str) -> Session | None:
        """The session of a token, or None when it is unknown or over."""
        ...

    async def sign_out(self, token: str) -> None:
        """End a session."""
        ...


class Modes(Protocol):
    """The modes of lines that were switched at run time; settings hold the others."""

    async def all(self) -> dict[str, Mode]:
        """Line name → mode."""
        ...

    async def switch(self, line: str, mode: Mode, *, by: str) -> None:
        """Switch a line; every process follows within a second."""
        ...


class Subscription(Protocol):
    """What has been announced on one topic since the last wait."""

    async def wait(self, seconds: float) -> tuple[bytes, ...]:
        """Payloads in order; empty after `seconds` without any.

        A lost connection to the database wakes it with one empty payload: read again.
        """
        ...


class Notices(Protocol):
    """Announcements between processes, through the database."""

    def listen(self, topic: str) -> AbstractAsyncContextManager[Subscription]:
        """Hear a topic for as long as it is open. Topics: `desk`, `gaps`, `room:<address key>`."""
        ...

    async def tell(self, topic: str, payload: bytes) -> None:
        """Announce something that passes, to all processes: a few bytes of ASCII, never words.

        Not for rooms. Raises `Unavailable`.
        """
        ...

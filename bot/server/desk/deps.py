"""What the web desk needs from the rest of the house."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Protocol

from bot.core.amending import Amended
from bot.core.teaching import Teaching
from bot.domain.contact import Person
from bot.domain.conversation import Conversation
from bot.domain.desk import Board, Modes, Notices, StaffBook
from bot.domain.files import Files
from bot.domain.line import Mode
from bot.domain.ports import Clock
from bot.domain.transitions import Act


class PressLane(Protocol):
    """Acts somebody waits for: one call, one commit, and the verdict comes back.

    Each raises `TransitionRefused` with a code that `bot.server.desk.words` has words for,
    `BadRequest`, or `Unavailable`.
    """

    async def act(self, handoff: str, act: Act, by: Person) -> Conversation:
        """Claim, take over, release, hand back or resolve."""
        ...

    async def reply(self, handoff: str, by: Person, text: str, key: str) -> None:
        """Words to the customer, from whoever has the hand-off; a known key changes nothing."""
        ...

    async def note(self, handoff: str, by: Person, text: str, key: str) -> None:
        """Words for colleagues only; a known key changes nothing."""
        ...

    async def settle(self, handoff: str, by: Person) -> None:
        """What was owed to the customer when nobody came, a call back or a ticket, is done."""
        ...


class Amends(Protocol):
    """Changes of what the customer has already; errors as of the press lane."""

    async def edit_reply(self, handoff: str, by: Person, line: str, text: str, key: str) -> Amended:
        """Other words for one's own reply; `line` is the key of its line."""
        ...

    async def delete_reply(self, handoff: str, by: Person, line: str, key: str) -> Amended:
        """Take one's own reply back."""
        ...


class SendsFiles(Protocol):
    """A file as a reply; errors as of the press lane."""

    async def send(self, handoff: str, by: Person, name: str, content: bytes, key: str) -> None:
        """To the customer, from whoever has the hand-off; a known key changes nothing."""
        ...


class Dismisses(Protocol):
    """Takes a suggestion away; errors as of the press lane."""

    async def __call__(self, handoff: str, by: Person, assist: str) -> None:
        """Only the claimer may; a newer suggestion stays."""
        ...


class StaffTyping(Protocol):
    """Passes on that somebody types; nothing of it is kept."""

    async def staff_types(self, handoff: str, by: Person) -> bool:
        """Whether the customer is shown it: only while `by` has the hand-off."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskDeps:
    """The parts behind the desk.

    `lines` maps a line's name to its title and the mode its settings give it. `secure_cookies`
    belongs on wherever browsers come by https. `public_hosts` are names by which a proxy
    publishes the desk without passing the `Host` header on; `trusted_proxies` are believed about
    who called them.
    """

    press: PressLane
    amends: Amends
    dismiss: Dismisses
    typing: StaffTyping
    filing: SendsFiles
    files: Files
    board: Board
    staff: StaffBook
    modes: Modes
    teaching: Teaching
    notices: Notices
    clock: Clock
    lines: Mapping[str, tuple[str, Mode]]
    secure_cookies: bool
    closing: asyncio.Event
    public_hosts: frozenset[str] = frozenset()
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()

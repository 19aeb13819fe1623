"""What the web chat is given: everything it asks of the rest of the product."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import TypeAlias

from bot.domain.desk import Notices
from bot.domain.errors import NotAuthentic
from bot.domain.message import Inbound
from bot.domain.ports import Clock, Store, Transaction
from bot.server.chat.limits import Rate
from channels.web.channel import WebChannel
from channels.web.signature import Visitor

Accept: TypeAlias = Callable[[Transaction, Inbound], Awaitable[bool]]
PER_VISITOR = Rate(burst=20, per_second=2)
PER_ADDRESS = Rate(burst=200, per_second=20)
NEWCOMERS = Rate(burst=30, per_second=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatLimits:
    """How much one visitor and one network address may ask for.

    `visitor` and `address` count messages and opened streams; `newcomer` counts new visitors and
    refused tokens of an address. `body` is in bytes; `streams` is how many pages of one visitor
    are kept live at once: browsers allow six connections to a host, and sending needs one.
    """

    visitor: Rate = PER_VISITOR
    address: Rate = PER_ADDRESS
    newcomer: Rate = NEWCOMERS
    body: int = 64 * 1024
    streams: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatDeps:
    """The parts and settings behind the chat's routes.

    `lines` maps a line's name to its title. `accept` stores an event and its job inside the
    given transaction and says whether it was fresh. `allowed_origins` are the sites that may
    embed the chat ("https://shop.example"). `trusted_proxies` are believed about who called
    them. `stopping` is set when the server shuts down.
    """

    channel: WebChannel
    store: Store
    notices: Notices
    clock: Clock
    lines: Mapping[str, str]
    default_line: str
    accept: Accept
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    limits: ChatLimits = field(default_factory=ChatLimits)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def visitor(self, headers: Mapping[str, str]) -> Visitor:
        """Who calls, on a line that exists. Raises `NotAuthentic`."""
        visitor = self.channel.visitor(headers)
        if visitor.line not in self.lines:
            raise NotAuthentic("This chat has moved; ask for a new visitor.")
        return visitor

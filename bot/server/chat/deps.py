"""What the web chat is given: everything it asks of the rest of the product."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import Protocol

from bot.core.accept import Foresee, unforeseen
from bot.domain.desk import Notices
from bot.domain.errors import NotAuthentic
from bot.domain.files import Files
from bot.domain.message import Address
from bot.domain.ports import Clock, Store
from bot.server.chat.limits import Rate
from bot.server.live import MOST_STREAMS
from channels.web.channel import WebChannel
from channels.web.signature import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatLimits:
    """How much one visitor and one network address may ask for.

    `visitor` and `address` count messages and opened streams; `newcomer` counts new visitors and
    refused tokens of an address; their defaults are in the settings alone. `body` is in bytes;
    `streams` is how many pages of one visitor are kept live at once.
    """

    visitor: Rate
    address: Rate
    newcomer: Rate
    body: int = 64 * 1024
    streams: int = MOST_STREAMS


class CustomerTyping(Protocol):
    """Passes on that somebody types; nothing of it is kept."""

    async def customer_types(self, address: Address) -> bool:
        """Whether a person has the conversation, and is shown it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatDeps:
    """The parts and settings behind the chat's routes.

    `lines` maps a line's name to its title. `allowed_origins` are the sites that may embed the
    chat ("https://shop.example"). `trusted_proxies` are believed about who called them.
    `stopping` is set when the server shuts down. `foresee` hears of messages about to be kept.
    """

    channel: WebChannel
    store: Store
    notices: Notices
    typing: CustomerTyping
    files: Files
    clock: Clock
    lines: Mapping[str, str]
    default_line: str
    limits: ChatLimits
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    foresee: Foresee = unforeseen

    def visitor(self, headers: Mapping[str, str]) -> Visitor:
        """Who calls, on a line that exists. Raises `NotAuthentic`."""
        visitor = self.channel.visitor(headers)
        if visitor.line not in self.lines:
            raise NotAuthentic("This chat has moved; ask for a new visitor.")
        return visitor

"""The chat's routes on a loopback server, with the store and the notices in memory."""

import asyncio
import json
from collections.abc import Awaitable
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any, TypeVar

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.message import Address, Outbound, Text
from bot.server.chat.deps import ChatDeps, ChatLimits
from bot.server.chat.limits import Rate
from bot.server.chat.routes import routes
from channels.web.channel import WebChannel
from channels.web.signature import VisitorTokens
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeNotices
from tests.fakes.files import FakeFiles
from tests.fakes.store import FakeStore

SHOP = "https://shop.example"
LIMITS = ChatLimits(
    visitor=Rate(burst=20, per_second=2),
    address=Rate(burst=200, per_second=20),
    newcomer=Rate(burst=30, per_second=1),
)
Browser = TestClient[web.Request, web.Application]
T = TypeVar("T")


async def soon(waited: Awaitable[T]) -> T:
    return await asyncio.wait_for(waited, 5)


@dataclass
class Visit:
    """One visitor with a token."""

    browser: Browser
    id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, **fields: object) -> ClientResponse:
        return await self.post_raw(json.dumps(fields).encode())

    async def post_raw(self, body: bytes) -> ClientResponse:
        url = "/chat/api/messages"
        return await soon(self.browser.post(url, data=body, headers=self.headers))

    async def stream(self, **headers: str) -> "Stream":
        return Stream(
            await soon(self.browser.get("/chat/api/stream", headers=self.headers | headers))
        )


@dataclass
class Stream:
    """An open event stream, event by event."""

    response: ClientResponse
    lines: list[str] = field(default_factory=list)

    async def next(self) -> tuple[str, Any, str | None]:
        """Kind, data and id of the next event that has data."""
        while True:
            fields = await self._block()
            if "data" in fields:
                return fields["event"], json.loads(fields["data"]), fields.get("id")

    async def until_ready(self) -> list[Any]:
        """The bodies of what was missed."""
        missed = []
        while (event := await self.next())[0] != "ready":
            missed.append(event[1])
        return missed

    async def ended(self) -> bytes:
        return await soon(self.response.content.read())

    async def _block(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        while line := (await soon(self.response.content.readline())).decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            fields[name] = value
        return fields


class FakeTyping:
    """Remembers where somebody typed."""

    def __init__(self) -> None:
        self.typed: list[Address] = []

    async def customer_types(self, address: Address) -> bool:
        self.typed.append(address)
        return True


class House:
    """Everything behind the door, and a browser before it."""

    def __init__(self, limits: ChatLimits | None = None) -> None:
        self.clock = FakeClock()
        self.notices = FakeNotices()
        self.store = FakeStore(announce=self.notices.announce)
        self.channel = WebChannel(self.store, self.clock, VisitorTokens(b"k" * 32))
        self.typing = FakeTyping()
        self.files = FakeFiles()
        self.deps = ChatDeps(
            channel=self.channel,
            store=self.store,
            notices=self.notices,
            typing=self.typing,
            files=self.files,
            clock=self.clock,
            lines={"shop": "The shop", "it": "IT <b>desk</b>"},
            default_line="shop",
            allowed_origins=(SHOP,),
            trusted_proxies=(ip_network("127.0.0.0/8"),),
            limits=limits or LIMITS,
        )
        app = web.Application()
        app.add_routes(routes(self.deps))
        self.browser: Browser = TestClient(TestServer(app))

    async def visit(self, *, ip: str | None = None, **fields: object) -> Visit:
        headers = {"X-Forwarded-For": ip} if ip else {}
        url = "/chat/api/visitors"
        answer = await soon(self.browser.post(url, json=fields, headers=headers))
        assert answer.status == 200, await answer.text()
        made = await answer.json()
        return Visit(self.browser, made["visitor"], made["token"])

    async def say(self, visit: Visit, key: str, text: str) -> None:
        room = Address(channel="web", account="shop", room=visit.id)
        await self.channel.send(
            Outbound(
                key=key,
                address=room,
                parts=(Text(text=text),),
                author="bot",
                trace="t",
                holder_version=1,
            )
        )

    def feed(self) -> list[Any]:
        """Everything any visitor has been sent."""
        return [json.loads(item.body) for _, item in self.store.world.feed.values()]

"""A web chat client that measures: from the message sent to the answer on the stream."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

import aiohttp

PATIENCE_S = 60
_FOR_EVER = aiohttp.ClientTimeout(total=None)


@dataclass(frozen=True, slots=True)
class Asked:
    """Seconds until the message was kept, and until its answer was there."""

    kept: float
    delivered: float


class Chatter:
    """One visitor with an open stream."""

    def __init__(self, http: aiohttp.ClientSession, base: str, token: str) -> None:
        self._http = http
        self._api = f"{base}/chat/api"
        self._head = {"Authorization": f"Bearer {token}"}
        self._answered: asyncio.Queue[float] = asyncio.Queue()
        self.listening = asyncio.Event()

    async def ask(self, text: str) -> Asked:
        """Write something the bot answers once; the answers of one visitor come in order."""
        body = {"key": secrets.token_hex(8), "text": text}
        began = perf_counter()
        url = f"{self._api}/messages"
        async with self._http.post(url, json=body, headers=self._head) as response:
            response.raise_for_status()
        kept = perf_counter()
        async with asyncio.timeout(PATIENCE_S):
            arrived = await self._answered.get()
        return Asked(kept - began, arrived - began)

    async def listen(self) -> None:
        """Follow the stream until cancelled."""
        url = f"{self._api}/stream"
        async with self._http.get(url, headers=self._head, timeout=_FOR_EVER) as response:
            response.raise_for_status()
            async for line in response.content:
                if line.startswith(b"event: ready"):
                    self.listening.set()
                elif line.startswith(b"data: ") and json.loads(line[6:]).get("author") == "bot":
                    self._answered.put_nowait(perf_counter())


@asynccontextmanager
async def chatters(
    base: str, count: int, hello: str, line: str | None = None
) -> AsyncIterator[list[Chatter]]:
    """Visitors who have been greeted and have had one answer already."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        made = [await _visitor(http, base, line) for _ in range(count)]
        async with asyncio.TaskGroup() as group:
            streams = [group.create_task(one.listen()) for one in made]
            for one in made:
                await one.listening.wait()
                await one.ask(hello)
            yield made
            for stream in streams:
                stream.cancel()


async def _visitor(http: aiohttp.ClientSession, base: str, line: str | None) -> Chatter:
    wanted = {"line": line} if line else {}
    async with http.post(f"{base}/chat/api/visitors", json=wanted) as response:
        response.raise_for_status()
        return Chatter(http, base, (await response.json())["token"])

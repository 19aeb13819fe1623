"""A web chat client written from the API's description alone."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp

PATIENCE_S = 20


class Visitor:
    """One visitor with an open stream; `shown` is what a page would show, in order."""

    def __init__(self, http: aiohttp.ClientSession, base: str, token: str) -> None:
        self._http = http
        self._base = base
        self._head = {"Authorization": f"Bearer {token}"}
        self.token = token
        self.shown: list[dict[str, Any]] = []
        self.passing: list[tuple[str, dict[str, Any]]] = []
        self.last_id = ""
        self._news = asyncio.Condition()

    async def say(
        self, text: str | None = None, *, pressed: str | None = None, key: str | None = None
    ) -> aiohttp.ClientResponse:
        """Send a message or press a button."""
        body: dict[str, str] = {"key": key or secrets.token_hex(8)}
        body |= {"text": text} if text is not None else {"pressed": pressed or ""}
        url = f"{self._base}/chat/api/messages"
        async with self._http.post(url, json=body, headers=self._head) as response:
            await response.read()
            return response

    async def listen(self) -> None:
        """Follow the stream until cancelled, resuming after the last id."""
        head = self._head | ({"Last-Event-ID": self.last_id} if self.last_id else {})
        url = f"{self._base}/chat/api/stream"
        async with self._http.get(url, headers=head, timeout=aiohttp.ClientTimeout()) as response:
            response.raise_for_status()
            event, data = "message", ""
            async for raw in response.content:
                line = raw.decode().rstrip("\n")
                if line.startswith("id: "):
                    self.last_id = line[4:]
                elif line.startswith("event: "):
                    event = line[7:]
                elif line.startswith("data: "):
                    data = line[6:]
                elif line == "" and data:
                    await self._take(event, json.loads(data))
                    event, data = "message", ""

    async def follow(self) -> None:
        """Listen until cancelled, coming back whenever the stream ends, as a page does."""
        while True:
            with suppress(aiohttp.ClientError):
                await self.listen()
            await asyncio.sleep(0.1)

    async def _take(self, event: str, body: dict[str, Any]) -> None:
        async with self._news:
            if event == "message":
                self.shown.append(body)
            else:
                self.passing.append((event, body))
            self._news.notify_all()

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first thing shown that is wanted; fails after a while."""
        try:
            async with asyncio.timeout(PATIENCE_S), self._news:
                while True:
                    for body in self.shown:
                        if wanted(body):
                            return body
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"not shown in {PATIENCE_S} s: {self.shown}") from None

    async def hears(self, words: str, *, author: str | None = None) -> dict[str, Any]:
        """The first message with these words."""
        return await self.until(
            lambda body: words in body["text"] and author in (None, body["author"])
        )


@asynccontextmanager
async def visitor(
    base: str, line: str | None = None, *, comes_back: bool = False
) -> AsyncIterator[Visitor]:
    """A new visitor with its stream open, and opened again when it breaks if it `comes_back`."""
    async with aiohttp.ClientSession() as http:
        body = {} if line is None else {"line": line}
        async with http.post(f"{base}/chat/api/visitors", json=body) as response:
            token = (await response.json())["token"]
        who = Visitor(http, base, token)
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(who.follow() if comes_back else who.listen())
            yield who
            listening.cancel()

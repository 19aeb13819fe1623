"""Server-sent events: one open response, and the way it ends when the server does."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Self

from aiohttp import web

HEARTBEAT_S = 15.0
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would keep events back
}


class EventStream:
    """A response that stays open. Its verbs raise `ConnectionError` when nobody listens."""

    def __init__(self, response: web.StreamResponse) -> None:
        self.response = response

    @classmethod
    async def open(cls, request: web.Request, headers: Mapping[str, str] | None = None) -> Self:
        """Start the response; nothing may be refused after this."""
        response = web.StreamResponse(headers={**HEADERS, **(headers or {})})
        await response.prepare(request)
        return cls(response)

    async def send(self, event: str, data: str) -> None:
        """One event; `data` is a line of JSON."""
        await self.write(f"event: {event}\ndata: {data}\n\n".encode())

    async def heartbeat(self) -> None:
        """A comment: proxies see traffic, and a listener that is gone is noticed."""
        await self.write(b": still here\n\n")

    async def elsewhere(self) -> None:
        """The caller has newer pages open: this one should rest until it is looked at again."""
        await self.send("elsewhere", "{}")

    async def write(self, block: bytes) -> None:
        """Blocks that are put together already."""
        await self.response.write(block)


async def until(relay: Callable[[], Awaitable[None]], *ends: asyncio.Event) -> None:
    """Run a relay until it ends, the listener leaves, or one of the events is set."""

    async def run() -> None:
        with suppress(ConnectionError):  # the listener has left
            await relay()

    async with asyncio.TaskGroup() as group:
        tasks = {group.create_task(run()), *(group.create_task(_set(end)) for end in ends)}
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()


async def _set(event: asyncio.Event) -> None:
    await event.wait()

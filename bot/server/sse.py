"""Server-sent events: one open response, and the way it ends when the server does."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self

from aiohttp import web


class EventStream:
    """A response that stays open. Its verbs raise `ConnectionResetError` when nobody listens."""

    def __init__(self, response: web.StreamResponse) -> None:
        self.response = response

    @classmethod
    async def open(cls, request: web.Request) -> Self:
        """Start the response; nothing may be refused after this."""
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream; charset=utf-8",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",  # nginx would keep events back
            }
        )
        await response.prepare(request)
        return cls(response)

    async def send(self, data: str, *, event: str | None = None, id: str | None = None) -> None:  # noqa: A002 - the field is called id: https://html.spec.whatwg.org/multipage/server-sent-events.html
        """One event; `data` may have several lines."""
        head = (f"id: {id}\n" if id is not None else "") + (f"event: {event}\n" if event else "")
        body = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
        await self.response.write(f"{head}{body}\n".encode())

    async def heartbeat(self) -> None:
        """A comment: proxies see traffic, and a listener that is gone is noticed."""
        await self.response.write(b": still here\n\n")


async def until(relay: Callable[[], Awaitable[None]], *ends: asyncio.Event) -> None:
    """Run a relay until it ends, the listener leaves, or one of the events is set."""

    async def run() -> None:
        with suppress(ConnectionResetError):  # the listener has left
            await relay()

    async with asyncio.TaskGroup() as group:
        tasks = {group.create_task(run()), *(group.create_task(_set(end)) for end in ends)}
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()


async def _set(event: asyncio.Event) -> None:
    await event.wait()

"""The event stream of one visitor: what was missed first, then everything as it happens."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress

from aiohttp import web

from bot.domain.desk import Subscription
from bot.domain.errors import BadRequest, Unavailable
from bot.domain.message import Address
from bot.domain.ports import FeedItem
from bot.server.chat import events
from bot.server.chat.deps import ChatDeps
from bot.server.chat.gates import Gates, LivePages
from bot.server.chat.guard import api_headers
from channels.web.inbound import address_of

HEARTBEAT_SECONDS = 15.0
BATCH = 200
STREAM_HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}


async def stream(
    deps: ChatDeps, gates: Gates, pages: LivePages, request: web.Request
) -> web.StreamResponse:
    """`GET /chat/api/stream`: lives until the page goes or the server stops."""
    visitor = gates.visitor(request)
    room = address_of(visitor)
    after = _after(request)
    # Listening starts before the first read, so that nothing falls between the two; and the
    # read comes before the answer, so that a database that is away is a 503.
    async with deps.notices.listen(f"room:{room.key()}") as heard:
        missed = await _read(deps, room, after)
        headers = api_headers(request, deps.allowed_origins) | STREAM_HEADERS
        response = web.StreamResponse(headers=headers)
        with suppress(ConnectionError), pages.open(visitor.id) as parted:
            await response.prepare(request)
            page = _Page(deps, room, response, after)
            await _run_until(page.follow(heard, missed), deps.stopping, parted)
            if parted.is_set():
                await response.write(events.ELSEWHERE)
    return response


class _Page:
    """One open stream: where it goes, and how far it has come."""

    def __init__(
        self, deps: ChatDeps, room: Address, response: web.StreamResponse, after: int
    ) -> None:
        self._deps = deps
        self._room = room
        self._response = response
        self._after = after

    async def follow(self, heard: Subscription, missed: tuple[FeedItem, ...]) -> None:
        # A page that is gone, or a database that goes away, ends the stream: the page comes
        # back with the last id it has seen.
        with suppress(ConnectionError, Unavailable):
            await self._response.write(events.HELLO)
            await self._show(missed)
            await self._catch_up()
            await self._response.write(events.READY)
            while True:
                await self._tell(await heard.wait(HEARTBEAT_SECONDS))

    async def _tell(self, payloads: tuple[bytes, ...]) -> None:
        if not payloads:
            await self._response.write(events.HEARTBEAT)
        caught_up = False
        for payload in payloads:
            passing = events.passing(payload)
            if passing is not None:
                await self._response.write(passing)
            elif not caught_up:
                # All payloads of a wait were announced before it ended: one read has them all.
                await self._catch_up()
                caught_up = True

    async def _catch_up(self) -> None:
        while items := await _read(self._deps, self._room, self._after):
            await self._show(items)
            if len(items) < BATCH:
                return

    async def _show(self, items: tuple[FeedItem, ...]) -> None:
        fresh = [item for item in items if item.seq > self._after]
        if fresh:
            await self._response.write(b"".join(events.message(item) for item in fresh))
            self._after = fresh[-1].seq


async def _read(deps: ChatDeps, room: Address, after: int) -> tuple[FeedItem, ...]:
    async with deps.store.transaction() as tx:
        return await tx.feed.read(room, after=after, limit=BATCH)


async def _run_until(work: Coroutine[object, object, None], *ends: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = {group.create_task(work), *(group.create_task(_set(end)) for end in ends)}
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()


async def _set(end: asyncio.Event) -> None:
    await end.wait()


def _after(request: web.Request) -> int:
    text = request.headers.get("Last-Event-ID") or request.query.get("after") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < len(str(2**63))):
        raise BadRequest("`Last-Event-ID` must be the id of an event of this stream.")
    return int(text)

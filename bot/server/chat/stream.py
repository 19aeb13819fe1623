"""The event stream of one visitor: what was missed first, then everything as it happens."""

from contextlib import suppress
from functools import partial

from aiohttp import web

from bot.domain.desk import Subscription
from bot.domain.errors import BadRequest, Unavailable
from bot.domain.message import Address
from bot.domain.ports import FeedItem
from bot.server.chat import events
from bot.server.chat.deps import ChatDeps
from bot.server.chat.gates import Gates
from bot.server.chat.guard import api_headers
from bot.server.live import LivePages
from bot.server.sse import HEARTBEAT_S, EventStream, until
from channels.web.inbound import address_of

HEARTBEAT_SECONDS = HEARTBEAT_S
BATCH = 200


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
        with suppress(ConnectionError), pages.open(visitor.id) as parted:
            headers = api_headers(request, deps.allowed_origins)
            live = await EventStream.open(request, headers)
            page = _Page(deps, room, live, after)
            await until(partial(page.follow, heard, missed), deps.stopping, parted)
            if parted.is_set():
                await live.elsewhere()
    return live.response


class _Page:
    """One open stream: where it goes, and how far it has come."""

    def __init__(self, deps: ChatDeps, room: Address, live: EventStream, after: int) -> None:
        self._deps = deps
        self._room = room
        self._live = live
        self._after = after

    async def follow(self, heard: Subscription, missed: tuple[FeedItem, ...]) -> None:
        # A page that is gone, or a database that goes away, ends the stream: the page comes
        # back with the last id it has seen.
        with suppress(ConnectionError, Unavailable):
            await self._live.write(events.HELLO)
            await self._show(missed)
            await self._catch_up()
            await self._live.write(events.READY)
            while True:
                await self._tell(await heard.wait(HEARTBEAT_SECONDS))

    async def _tell(self, payloads: tuple[bytes, ...]) -> None:
        if not payloads:
            await self._live.heartbeat()
        caught_up = False
        for payload in payloads:
            item, passing = FeedItem.heard(payload), events.passing(payload)
            if passing is not None:
                await self._live.write(passing)
            elif item is not None and item.seq <= self._after + 1:
                await self._show((item,))
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
            await self._live.write(b"".join(events.message(item) for item in fresh))
            self._after = fresh[-1].seq


async def _read(deps: ChatDeps, room: Address, after: int) -> tuple[FeedItem, ...]:
    async with deps.store.reading() as tx:
        return await tx.feed.read(room, after=after, limit=BATCH)


def _after(request: web.Request) -> int:
    text = request.headers.get("Last-Event-ID") or request.query.get("after") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < len(str(2**63))):
        raise BadRequest("`Last-Event-ID` must be the id of an event of this stream.")
    return int(text)

"""The desk's live stream: it says that something changed, and never what."""

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Final

from aiohttp import web

from bot.domain.contact import Person
from bot.domain.desk import Subscription
from bot.domain.errors import Unavailable
from bot.server.desk.deps import DeskDeps
from bot.server.desk.guard import session_of, token_of
from bot.server.sse import EventStream, until

HEARTBEAT: Final = 15.0
MOST_STREAMS: Final = 4  # browsers allow six connections to a host, and acting needs one
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


class Live:
    """`GET /desk/api/stream`."""

    def __init__(self, deps: DeskDeps, *, heartbeat: float = HEARTBEAT) -> None:
        self._deps = deps
        self._heartbeat = heartbeat
        self._open: dict[str, list[asyncio.Event]] = {}

    async def stream(self, request: web.Request, _person: Person) -> web.StreamResponse:
        """Lives until the page goes, its session ends, or the server stops."""
        async with self._deps.notices.listen("desk") as heard:
            events = await EventStream.open(request)
            with self._one_more(token_of(request) or "") as parted:
                relay = partial(self._relay, request, events, heard)
                await until(relay, self._deps.closing, parted)
            if parted.is_set():
                with suppress(ConnectionResetError):
                    await events.send("{}", event="elsewhere")
        return events.response

    @contextmanager
    def _one_more(self, session: str) -> Iterator[asyncio.Event]:
        """Count a stream while it is open; one too many parts the session's oldest."""
        parted = asyncio.Event()
        pages = self._open.setdefault(session, [])
        pages.append(parted)
        for oldest in pages[:-MOST_STREAMS]:
            oldest.set()
        try:
            yield parted
        finally:
            pages.remove(parted)
            if not pages:
                self._open.pop(session, None)

    async def _relay(self, request: web.Request, events: EventStream, heard: Subscription) -> None:
        await events.send("{}", event="changed")  # whatever changed while this was opened
        while True:
            payloads = await heard.wait(self._heartbeat)
            if not await self._signed_in(request):
                return
            if not payloads:
                await events.heartbeat()
            for data in dict.fromkeys(map(_changed, payloads)):
                await events.send(data, event="changed")

    async def _signed_in(self, request: web.Request) -> bool:
        try:
            return await session_of(request, self._deps) is not None
        except Unavailable:
            return True  # the page is told to read again, and finds out then


def _changed(payload: bytes) -> str:
    """The hand-off's id, or nothing in particular."""
    handoff = payload.decode("ascii", "replace")
    return json.dumps({"handoff": handoff} if _ID.fullmatch(handoff) else {})

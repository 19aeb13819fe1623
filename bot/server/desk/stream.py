"""The desk's live stream: it says that something changed, and never what; and who types."""

import json
import re
from contextlib import suppress
from functools import partial

from aiohttp import web

from bot.core.presence import TYPING
from bot.domain.contact import Person
from bot.domain.desk import Subscription
from bot.domain.errors import Unavailable
from bot.server.desk.deps import DeskDeps
from bot.server.desk.guard import session_of, token_of
from bot.server.live import LivePages
from bot.server.sse import HEARTBEAT_S, EventStream, until

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


class Live:
    """`GET /desk/api/stream`."""

    def __init__(self, deps: DeskDeps, *, heartbeat: float = HEARTBEAT_S) -> None:
        self._deps = deps
        self._heartbeat = heartbeat
        self._pages = LivePages()

    async def stream(self, request: web.Request, _person: Person) -> web.StreamResponse:
        """Lives until the page goes, its session ends, or the server stops."""
        async with self._deps.notices.listen("desk") as heard:
            events = await EventStream.open(request)
            with self._pages.open(token_of(request) or "") as parted:
                relay = partial(self._relay, request, events, heard)
                await until(relay, self._deps.closing, parted)
            if parted.is_set():
                with suppress(ConnectionError):
                    await events.elsewhere()
        return events.response

    async def _relay(self, request: web.Request, events: EventStream, heard: Subscription) -> None:
        await events.send("changed", "{}")  # whatever changed while this was opened
        while True:
            payloads = await heard.wait(self._heartbeat)
            if not await self._signed_in(request):
                return
            if not payloads:
                await events.heartbeat()
            for event, data in dict.fromkeys(map(_event, payloads)):
                await events.send(event, data)

    async def _signed_in(self, request: web.Request) -> bool:
        try:
            return await session_of(request, self._deps) is not None
        except Unavailable:
            return True  # the page is told to read again, and finds out then


def _event(payload: bytes) -> tuple[str, str]:
    """What happened, and the hand-off's id, or nothing in particular."""
    event = "typing" if payload.startswith(TYPING) else "changed"
    handoff = payload.removeprefix(TYPING).decode("ascii", "replace")
    return event, json.dumps({"handoff": handoff} if _ID.fullmatch(handoff) else {})

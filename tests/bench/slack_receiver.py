"""The least of Slack's Web API: notes when a message came in, and checks nothing."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from aiohttp import web

from tests.contract.slack.events import BOT_ID, BOT_USER, TEAM


@dataclass
class Receiver:
    """`url` is the base address of the API."""

    url: str = ""
    _waiting: dict[str, deque["asyncio.Future[float]"]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    _posts: int = 0

    def expect(self, room: str) -> "asyncio.Future[float]":
        """When the next message comes in there, by the performance counter."""
        found: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[room].append(found)
        return found

    async def handle(self, request: web.Request) -> web.Response:
        """One call."""
        at = perf_counter()
        method = request.match_info["method"]
        body = await _fields(request)
        answer: dict[str, Any] = {"ok": True}
        if method == "chat.postMessage":
            answer |= self._posted(str(body["channel"]), at)
        elif method == "auth.test":
            answer |= {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID}
        elif method == "users.info":
            answer["user"] = {"id": body["user"], "name": body["user"]}
        elif method in ("users.conversations", "conversations.list"):
            answer["channels"] = []
        return web.json_response(answer)

    def _posted(self, room: str, at: float) -> dict[str, Any]:
        self._posts += 1
        if waiting := self._waiting[room]:
            waiting.popleft().set_result(at)
        return {"channel": room, "ts": f"1800000000.{self._posts:06}", "message": {}}


async def _fields(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        found: dict[str, Any] = await request.json()
        return found
    return {**dict(request.query), **dict(await request.post())}


@asynccontextmanager
async def open_receiver() -> AsyncIterator[Receiver]:
    """A receiver on a free port."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", receiver.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
        receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
        yield receiver
    finally:
        await runner.cleanup()

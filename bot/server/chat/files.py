"""Files of the web chat: a customer's own, and those that people sent them."""

import asyncio

from aiohttp import web

from bot.domain.files import LARGEST, TOO_LARGE, checked_file
from bot.server.chat.body import TooLarge, read_body
from bot.server.chat.deps import ChatDeps
from bot.server.chat.gates import Gates
from bot.server.files import PATIENCE_S, file_answer
from channels.web.inbound import address_of, event_key, file_event
from channels.web.outbound import echo

_AT_ONCE = 2
"""Files being sealed at the same time: each keeps the loop busy for some 20 ms."""


class ChatFiles:
    """What a visitor's token opens is that visitor's alone."""

    def __init__(self, deps: ChatDeps, gates: Gates) -> None:
        self._deps = deps
        self._gates = gates
        self._storing = asyncio.Semaphore(_AT_ONCE)

    async def post(self, request: web.Request) -> web.Response:
        """`POST /chat/api/files?key=…&name=…`, the file as the body: 202 once it is kept."""
        visitor = self._gates.sender_of_files(request)
        try:
            content = await read_body(request, LARGEST, seconds=PATIENCE_S)
        except TooLarge as exc:
            raise TooLarge(TOO_LARGE) from exc
        name = request.query.get("name", "")
        async with self._storing:
            key = event_key(visitor, request.query.get("key"))
            file = checked_file(key, address_of(visitor), name, content)
            event = file_event(key, visitor, file.media(), now=self._deps.clock.now())
            await self._deps.files.add(file)
            fresh = await self._deps.store.take(event, shown=echo(event))
        return web.json_response({"duplicate": not fresh}, status=202)

    async def get(self, request: web.Request) -> web.Response:
        """`GET /chat/api/files/{id}`, with the visitor's token."""
        visitor = self._gates.visitor(request)
        file = await self._deps.files.get(request.match_info["id"], address_of(visitor))
        if file is None:
            return web.json_response({"error": "There is no such file any more."}, status=404)
        return file_answer(file, inline=False)

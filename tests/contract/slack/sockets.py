"""Socket Mode's other end: each payload goes to one connection, and comes again until acked."""

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aiohttp import WSMsgType, web

Json: TypeAlias = dict[str, Any]


@dataclass
class Sockets:
    """Open connections, and the envelopes that nobody has acknowledged."""

    opened: list[web.WebSocketResponse] = field(default_factory=list)
    acked: list[str] = field(default_factory=list)
    answers: dict[str, Json] = field(default_factory=dict)
    unacked: dict[str, Json] = field(default_factory=dict)
    taken: list[int] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _turn: int = 0

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, until it is closed."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self.opened) + 1})
        await self._note(lambda: self.opened.append(socket))
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._answered(message.data)
        await self._note(lambda: self.opened.remove(socket) if socket in self.opened else None)
        return socket

    async def deliver(self, payload: Json, kind: str = "events_api") -> str:
        """Send a payload to one connection, in turn; its envelope's id."""
        envelope_id = f"env-{next(self._numbers)}"
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": False,
            "retry_attempt": 0,
            "retry_reason": "",
        }
        self.unacked[envelope_id] = envelope
        await self._send(envelope)
        return envelope_id

    async def again(self) -> None:
        """What was not acknowledged comes again."""
        for envelope in list(self.unacked.values()):
            again = {**envelope, "retry_attempt": envelope["retry_attempt"] + 1}
            await self._send(again)

    async def connected(self, count: int = 1) -> None:
        """Wait until so many connections are open."""
        async with asyncio.timeout(30), self.changed:
            await self.changed.wait_for(lambda: len(self.opened) >= count)

    async def all_acked(self) -> None:
        """Wait until nothing is left to acknowledge."""
        async with asyncio.timeout(30), self.changed:
            await self.changed.wait_for(lambda: not self.unacked)

    async def answered(self, envelope_id: str) -> Json:
        """What one was acknowledged with."""
        async with asyncio.timeout(30), self.changed:
            await self.changed.wait_for(lambda: envelope_id in self.answers)
        return self.answers[envelope_id]

    async def drop(self) -> None:
        """Every connection is cut."""
        for socket in list(self.opened):
            await socket.close()

    async def close(self) -> None:
        """The end of the double."""
        await self.drop()

    async def _send(self, envelope: Json) -> None:
        if not self.opened:
            return
        self._turn += 1
        number = self._turn % len(self.opened)
        self.taken.append(number)
        await self.opened[number].send_json(envelope)

    async def _answered(self, data: str) -> None:
        if not data.startswith("{"):
            return
        answer = json.loads(data)
        envelope_id = answer.get("envelope_id")
        if envelope_id:
            self.answers[envelope_id] = answer.get("payload") or {}
            self.unacked.pop(envelope_id, None)
            await self._note(lambda: self.acked.append(envelope_id))

    async def _note(self, change: Any) -> None:
        async with self.changed:
            change()
            self.changed.notify_all()

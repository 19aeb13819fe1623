"""A language model's service on loopback, written from the public wire formats.

https://platform.openai.com/docs/api-reference/chat/streaming
https://docs.anthropic.com/en/docs/build-with-claude/streaming
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from aiohttp import web

Fault: TypeAlias = (
    Literal["dropped", "malformed", "silent", "stalled", "held", "cut", "empty", "text"] | int
)
PIECE = 7
"""Characters in one event: an answer comes in many, broken anywhere."""


@dataclass
class ModelServer:
    """Answers every call with `answer` (or what it makes of the call), or the next of `faults`.

    A fault that is a number is an HTTP status. `pause` seconds come before the answer begins, and
    with `held` nothing comes before the gate is set.
    """

    base: str = ""
    answer: Any = field(default_factory=lambda: {"sentences": []})
    faults: list[Fault] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    pause: float = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    tokens: tuple[int, int] = (120, 30)

    def __post_init__(self) -> None:
        self._arrived = asyncio.Condition()

    async def called(self, times: int) -> None:
        """Wait until it has been called so often."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.calls) >= times)

    def say(self, *sentences: tuple[str, str]) -> None:
        """Answer with these (text, source) pairs."""
        self.answer = {"sentences": [{"text": t, "sources": [s]} for t, s in sentences]}

    async def openai(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, _openai)

    async def anthropic(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, _anthropic)

    async def _answer(self, request: web.Request, wire: "Wire") -> web.StreamResponse:
        body = await request.json()
        self.calls.append(body)
        self.headers.append({k.lower(): v for k, v in request.headers.items()})
        async with self._arrived:
            self._arrived.notify_all()
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, int):
            error = {"type": "error", "error": {"type": "error", "message": "secret words"}}
            return web.json_response(error, status=fault, headers={"retry-after": "0"})
        if fault == "silent":
            await asyncio.sleep(60)
        await asyncio.sleep(self.pause)
        if fault == "held":
            await self.gate.wait()
        answer = self.answer(body) if callable(self.answer) else self.answer
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return await self._stream(
            request, list(wire(body, "" if fault == "empty" else text, self.tokens, fault)), fault
        )

    async def _stream(
        self, request: web.Request, events: list[str], fault: Fault | None
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        for place, event in enumerate(events):
            if place == len(events) // 2 and fault == "dropped":
                assert request.transport is not None
                request.transport.abort()
                return response
            if place == len(events) // 2 and fault == "cut":
                break  # the stream ends as if it were whole
            if place == len(events) // 2 and fault == "malformed":
                await response.write(f"{event.split('data: ')[0]}data: {{not json\n\n".encode())
            if place == len(events) // 2 and fault == "stalled":
                await asyncio.sleep(60)
            await response.write(event.encode())
        await response.write_eof()
        return response


Wire: TypeAlias = Callable[[dict[str, Any], str, tuple[int, int], Fault | None], Iterator[str]]


def _pieces(text: str) -> list[str]:
    return [text[place : place + PIECE] for place in range(0, len(text), PIECE)]


def _openai(
    body: dict[str, Any], text: str, tokens: tuple[int, int], fault: Fault | None
) -> Iterator[str]:
    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        whole = {
            "id": "c1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": body["model"],
        }
        return f"data: {json.dumps(whole | {'choices': [choice]} | more)}\n\n"

    tools = body.get("tools") and fault != "text"
    yield chunk({"role": "assistant", "content": None if tools else ""})
    if tools:
        name = body["tools"][0]["function"]["name"]
        call = {
            "index": 0,
            "id": "t1",
            "type": "function",
            "function": {"name": name, "arguments": ""},
        }
        yield chunk({"tool_calls": [call]})
    for piece in _pieces(text):
        part = {"index": 0, "function": {"arguments": piece}}
        yield chunk({"tool_calls": [part]} if tools else {"content": piece})
    yield chunk({}, "tool_calls" if tools else "stop")
    if body.get("stream_options", {}).get("include_usage"):
        used = {
            "prompt_tokens": tokens[0],
            "completion_tokens": tokens[1],
            "total_tokens": sum(tokens),
        }
        yield chunk({}, choices=[], usage=used)
    yield "data: [DONE]\n\n"


def _anthropic(
    body: dict[str, Any], text: str, tokens: tuple[int, int], fault: Fault | None
) -> Iterator[str]:
    def event(kind: str, **more: Any) -> str:
        return f"event: {kind}\ndata: {json.dumps({'type': kind} | more)}\n\n"

    tools = body.get("tools") and fault != "text"
    message = {"id": "m1", "type": "message", "role": "assistant", "model": body["model"]}
    message |= {"content": [], "stop_reason": None, "stop_sequence": None}
    message |= {"usage": {"input_tokens": tokens[0], "output_tokens": 1}}
    yield event("message_start", message=message)
    block = {"type": "text", "text": ""}
    if tools:
        block = {"type": "tool_use", "id": "t1", "name": body["tools"][0]["name"], "input": {}}  # type: ignore[dict-item]  # JSON
    yield event("content_block_start", index=0, content_block=block)
    for piece in _pieces(text):
        delta = (
            {"type": "input_json_delta", "partial_json": piece}
            if tools
            else {"type": "text_delta", "text": piece}
        )
        yield event("content_block_delta", index=0, delta=delta)
    yield event("content_block_stop", index=0)
    stop = {"stop_reason": "tool_use" if tools else "end_turn", "stop_sequence": None}
    yield event("message_delta", delta=stop, usage={"output_tokens": tokens[1]})
    yield event("message_stop")


@asynccontextmanager
async def model_server() -> AsyncIterator[ModelServer]:
    """The service, listening."""
    served = ModelServer()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", served.openai)
    app.router.add_post("/v1/messages", served.anthropic)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    served.base = f"http://{host}:{port}"
    try:
        yield served
    finally:
        await runner.cleanup()

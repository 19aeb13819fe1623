"""The chat's API: a token for a new visitor, and messages from a known one."""

from aiohttp import web

from bot.domain.errors import BadRequest
from bot.domain.ports import Request
from bot.server.chat.body import read_body
from bot.server.chat.deps import ChatDeps
from bot.server.chat.gates import Gates
from channels.web.inbound import address_of, json_object
from channels.web.outbound import echo


async def visitors(deps: ChatDeps, gates: Gates, request: web.Request) -> web.Response:
    """`POST /chat/api/visitors`: nothing is stored, the token says it all."""
    gates.newcomer(request)
    line = _line(deps, await read_body(request, deps.limits.body))
    visitor, token = deps.channel.welcome(line)
    return web.json_response({"visitor": visitor.id, "token": token})


async def messages(deps: ChatDeps, gates: Gates, request: web.Request) -> web.Response:
    """`POST /chat/api/messages`: 202 once the message is kept, and not before."""
    gates.visitor(request)
    received = await deps.channel.receive(
        Request(
            method=request.method,
            url=str(request.url),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await read_body(request, deps.limits.body),
        )
    )
    for event in received.events:
        deps.foresee(event)
    # One commit: a message is worked on exactly if its writer sees it in the log.
    fresh = [await deps.store.take(event, shown=echo(event)) for event in received.events]
    return web.json_response({"duplicate": not any(fresh)}, status=received.reply.status)


async def typing(deps: ChatDeps, gates: Gates, request: web.Request) -> web.Response:
    """`POST /chat/api/typing`: passed on to a person who has the conversation, and not kept."""
    address = address_of(gates.typist(request))
    return web.json_response({"shown": await deps.typing.customer_types(address)})


def _line(deps: ChatDeps, body: bytes) -> str:
    line = json_object(body).get("line") if body.strip() else None
    if line is None:
        return deps.default_line
    if not isinstance(line, str) or line not in deps.lines:
        raise BadRequest("There is no such `line`; leave it out for the default one.")
    return line

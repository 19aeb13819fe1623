"""Webhooks of platforms: verify, keep, answer; the work comes later."""

import logging
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.core.accept import Foresee, accept_all, unforeseen
from bot.core.typing_signs import Signs, unshown
from bot.core.verdicts import Judging
from bot.domain.errors import BadRequest, NotAuthentic, Unavailable
from bot.domain.ports import AnswersPresses, Channel, Received, Reply, Request, Store

log = logging.getLogger("careline.server")

MAX_BODY = 1024 * 1024
"""Bytes of a webhook body; platforms send far less."""


def webhook_routes(
    store: Store,
    hooks: Mapping[str, Channel],
    foresee: Foresee = unforeseen,
    shows: Signs = unshown,
    judging: Judging | None = None,
) -> list[web.RouteDef]:
    """One POST route per path; the path belongs to the platform's configuration."""
    return [
        web.post(path, _hook(store, one, foresee, shows, judging)) for path, one in hooks.items()
    ]


def _hook(
    store: Store, channel: Channel, foresee: Foresee, shows: Signs, judging: Judging | None
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def receive(request: web.Request) -> web.Response:
        try:
            received = await channel.receive(await _read(request))
            reply = await _judged(channel, received, judging)
            if reply is None:
                await keep(store, received, foresee)
                reply = received.reply
            for sign in received.typing:
                await shows(sign)
        except web.HTTPRequestEntityTooLarge:
            words = f"The body is over {MAX_BODY} bytes."
            return web.json_response({"error": words}, status=413)
        except NotAuthentic:
            return web.json_response({"error": "The signature is not valid."}, status=401)
        except BadRequest as exc:
            return web.json_response({"error": str(exc)}, status=400)
        except Unavailable:
            log.warning("database_away", extra={"channel": channel.name})
            return web.json_response(
                {"error": "Try again soon."}, status=503, headers={"Retry-After": "5"}
            )
        return web.Response(status=reply.status, body=reply.body, content_type=reply.content_type)

    return receive


async def _judged(channel: Channel, received: Received, judging: Judging | None) -> Reply | None:
    """The answer to a press whose sender waits for it; None for all that can wait."""
    if received.pressed is None or judging is None or not isinstance(channel, AnswersPresses):
        return None
    verdict = await judging(received.pressed)
    return channel.verdict(verdict) if verdict is not None else None


async def keep(store: Store, received: Received, foresee: Foresee = unforeseen) -> None:
    """Store what came in. Raises `Unavailable`."""
    events = received.events if received.pressed is None else (*received.events, received.pressed)
    if not events and received.typing:
        return  # typing passes: no commit for it
    for event in events:
        foresee(event)
    await accept_all(store, events)


async def _read(request: web.Request) -> Request:
    return Request(
        method=request.method,
        url=str(request.url),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=await request.read(),
    )

"""Around every handler: refusals as JSON sentences, security headers, and who may embed us."""

import math
from collections.abc import Awaitable, Callable
from typing import TypeAlias, assert_never

from aiohttp import web

from bot.domain.errors import BadRequest, Conflict, NotAuthentic, TooMany, Unavailable
from bot.server.chat.body import TooLarge, TooSlow

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
Refusal: TypeAlias = NotAuthentic | BadRequest | TooMany | Unavailable

AWAY_SECONDS = 5
API_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def guarded(handler: Handler, allowed_origins: tuple[str, ...]) -> Handler:
    """The API's handler with its errors answered and its headers set."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            response = await handler(request)
        except (NotAuthentic, BadRequest, TooMany, Unavailable) as exc:
            response = refusal(exc)
        except Conflict:  # somebody wrote the same rows first: sent again, it is known or taken
            response = refusal(Unavailable("the database is busy"))
        if not response.prepared:
            for name, value in api_headers(request, allowed_origins).items():
                response.headers.setdefault(name, value)
        return response

    return answer


def refusal(exc: Refusal) -> web.Response:
    """What a caller is told, and when to come back."""
    match exc:
        case NotAuthentic():
            return _refused(401, str(exc), {"WWW-Authenticate": "Bearer"})
        case TooLarge():
            return _refused(413, str(exc))
        case TooSlow():
            return _refused(408, str(exc))
        case BadRequest():
            return _refused(400, str(exc))
        case TooMany():
            seconds = max(1, math.ceil(exc.after.total_seconds()))
            words = f"That was too fast; try again in {seconds} s."
            return _refused(429, words, {"Retry-After": str(seconds)})
        case Unavailable():
            words = "The chat cannot take messages just now; try again soon."
            return _refused(503, words, {"Retry-After": str(AWAY_SECONDS)})
        case _:
            assert_never(exc)


def api_headers(request: web.Request, allowed_origins: tuple[str, ...]) -> dict[str, str]:
    """The headers of every answer; another site reads it only if it is on the list."""
    origin = request.headers.get("Origin", "")
    if origin not in allowed_origins:
        return API_HEADERS | {"Vary": "Origin"}
    return API_HEADERS | {
        "Vary": "Origin",
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


def preflight(request: web.Request, allowed_origins: tuple[str, ...]) -> web.Response:
    """The answer to a browser that asks before it calls from another site."""
    if request.headers.get("Origin", "") not in allowed_origins:
        return _refused(403, "This site may not use the chat.")
    allowed = {
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
        "Access-Control-Max-Age": "600",
    }
    return web.Response(status=204, headers=allowed)


def _refused(status: int, sentence: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": sentence}, status=status, headers=headers)

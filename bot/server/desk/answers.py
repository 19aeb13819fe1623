"""How the desk answers: JSON, refusals in a sentence, and headers that hold the page together."""

import math
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.domain.errors import (
    BadRequest,
    CarelineError,
    Conflict,
    NotAuthentic,
    TooMany,
    TransitionRefused,
    Unavailable,
)
from bot.server.desk import words

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS: dict[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
RETRY_AFTER = "2"


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Runs as a response starts, so that streams and errors have the headers as well."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def refuse(
    status: int,
    sentence: str,
    *,
    headers: Mapping[str, str] | None = None,
    **more: str | None,
) -> web.Response:
    return web.json_response({"error": sentence, **more}, status=status, headers=headers)


def retry_after(error: TooMany) -> dict[str, str]:
    return {"Retry-After": str(max(1, math.ceil(error.after.total_seconds())))}


@web.middleware
async def errors_in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error of the API is a JSON sentence; pages keep their own."""
    try:
        return await handler(request)
    except CarelineError as error:
        answer = _in_words(error)
        if answer is None:
            raise
        return answer
    except web.HTTPClientError as error:
        allow = error.headers.get("Allow")
        return refuse(error.status, f"{error.reason}.", headers={"Allow": allow} if allow else None)


def _in_words(error: CarelineError) -> web.Response | None:
    answer = None
    match error:
        case TransitionRefused():
            answer = _not_allowed(error)
        case Conflict():
            answer = refuse(409, words.MOVED, code="conflict", holder=None)
        case NotAuthentic():
            answer = refuse(401, words.NO_SESSION)
        case BadRequest():
            answer = refuse(400, str(error))
        case TooMany():
            answer = refuse(429, str(error), headers=retry_after(error))
        case Unavailable():
            answer = refuse(503, words.AWAY, headers={"Retry-After": RETRY_AFTER})
    return answer


def _not_allowed(refused: TransitionRefused) -> web.Response:
    if refused.code == "unknown":
        return refuse(404, words.NO_HANDOFF)
    return refuse(409, words.refusal_text(refused), code=refused.code, holder=refused.holder_name)

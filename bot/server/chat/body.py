"""Reads a request's body within bounds of size and time."""

import asyncio

from aiohttp import web

from bot.domain.errors import BadRequest

READ_SECONDS = 20.0


class TooLarge(BadRequest):
    """The body is over the limit."""


class TooSlow(BadRequest):
    """The body did not arrive in time."""


async def read_body(request: web.Request, limit: int, *, seconds: float = READ_SECONDS) -> bytes:
    """The exact bytes. Raises `TooLarge` or `TooSlow`."""
    if (request.content_length or 0) > limit:
        raise _too_large(limit)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while chunk := await request.content.readany():
                body += chunk
                if len(body) > limit:
                    raise _too_large(limit)
    except (ConnectionError, web.RequestPayloadError) as exc:
        raise BadRequest("The body ended before it was complete.") from exc
    except TimeoutError as exc:
        raise TooSlow(f"The body did not arrive within {seconds:.0f} s.") from exc
    return bytes(body)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body is over {limit // 1024} KiB; send less at a time.")

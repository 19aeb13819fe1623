"""Reads request bodies: small JSON objects with words in them, or nothing."""

import json
import re
import uuid

from aiohttp import web

from bot.domain.errors import BadRequest

_KEY = re.compile(r"[A-Za-z0-9_.:-]+")  # it goes into logs and traces
MAX_BODY = 64 * 1024
_TOO_LONG = "This is too long to be sent: send it in parts of at most 4000 characters"


async def read_object(request: web.Request) -> dict[str, object]:
    """The JSON object of a request; an empty body is an empty one. Raises `BadRequest`.

    Counts the bytes itself: the application around the desk may allow larger bodies elsewhere.
    """
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY, len(body), reason=_TOO_LONG)
    if not body.strip():
        return {}
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise BadRequest("The body is not JSON.") from exc
    if not isinstance(found, dict):
        raise BadRequest("The body must be a JSON object.")
    return found


def words_of(body: dict[str, object], field: str, *, most: int, strip: bool = True) -> str:
    """A field that holds 1 to `most` characters. Raises `BadRequest`."""
    found = body.get(field)
    if not isinstance(found, str):
        raise BadRequest(f"“{field}” must be text.")
    found = found.strip() if strip else found
    if not 1 <= len(found) <= most:
        raise BadRequest(f"“{field}” must have 1 to {most} characters.")
    # Neither a NUL nor half a surrogate pair can be stored.
    if "\0" in found or any("\ud800" <= c <= "\udfff" for c in found):
        raise BadRequest(f"“{field}” has characters that cannot be kept.")
    return found


def key_of(body: dict[str, object]) -> str:
    """What makes a request sent again the same; a new one where none was given."""
    if body.get("key") is None:
        return uuid.uuid4().hex
    key = words_of(body, "key", most=100)
    if not _KEY.fullmatch(key):
        raise BadRequest("“key” may have letters, digits, “-”, “_”, “.” and “:”.")
    return key

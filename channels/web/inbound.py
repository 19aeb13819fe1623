"""Reads what a browser posts: body bytes in, one `Inbound` out, or a sentence about the fault."""

import json
import secrets
import unicodedata
from datetime import datetime
from functools import cache
from typing import cast
from zoneinfo import available_timezones

from bot.domain.errors import BadRequest
from bot.domain.message import Address, Inbound, Media, Pressed, Sender, Text
from channels.web.signature import Visitor

CHANNEL = "web"
LONGEST_KEY = 200
LONGEST_TEXT = 4000
LONGEST_VALUE = 500
LONGEST_LABEL = 200


def address_of(visitor: Visitor) -> Address:
    """Where a visitor is: the line's web chat, and a room of their own."""
    return Address(channel=CHANNEL, account=visitor.line, room=visitor.id)


def parse(body: bytes, visitor: Visitor, *, now: datetime, locale: str | None = None) -> Inbound:
    """One posted message. Raises `BadRequest`."""
    fields = json_object(body)
    part = _part(fields)
    return Inbound(
        key=event_key(visitor, fields.get("key")),
        trace=secrets.token_hex(16),
        address=address_of(visitor),
        sender=Sender(handle=visitor.id, locale=locale, zone=_zone(fields)),
        parts=(part,),
        sent_at=now,
        kind="pressed" if isinstance(part, Pressed) else "message",
    )


def event_key(visitor: Visitor, key: object) -> str:
    """The key of a visitor's message by the one that the browser gave. Raises `BadRequest`."""
    if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise BadRequest(
            f"`key` must be a string of 1 to {LONGEST_KEY} printable characters, new for every "
            "message and the same for every retry of it."
        )
    return f"{CHANNEL}:{visitor.id}:{key}"


def file_event(key: str, visitor: Visitor, media: Media, *, now: datetime) -> Inbound:
    """A file as a message of its own."""
    return Inbound(
        key=key,
        trace=secrets.token_hex(16),
        address=address_of(visitor),
        sender=Sender(handle=visitor.id),
        parts=(media,),
        sent_at=now,
    )


def json_object(body: bytes) -> dict[str, object]:
    """A body that must be a JSON object. Raises `BadRequest`."""
    try:
        fields = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as exc:
        raise BadRequest("The body is not valid UTF-8; send JSON encoded as UTF-8.") from exc
    except (ValueError, RecursionError) as exc:
        raise BadRequest("The body is not valid JSON; send a JSON object.") from exc
    if not isinstance(fields, dict):
        raise BadRequest("The body must be a JSON object, in braces.")
    return cast("dict[str, object]", fields)


def _zone(fields: dict[str, object]) -> str | None:
    """The visitor's time zone, as their browser names it; one that nobody knows is left out."""
    zone = fields.get("zone")
    return zone if isinstance(zone, str) and zone in _zones() else None


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # reads a folder: 3 ms


def _part(fields: dict[str, object]) -> Text | Pressed:
    if ("text" in fields) == ("pressed" in fields):
        raise BadRequest("Send exactly one of `text` and `pressed`.")
    if "text" in fields:
        return Text(text=_words(fields["text"], "text", LONGEST_TEXT))
    label = fields.get("label")
    return Pressed(
        value=_words(fields["pressed"], "pressed", LONGEST_VALUE),
        label=None if label is None else _words(label, "label", LONGEST_LABEL),
    )


def _words(value: object, field: str, longest: int) -> str:
    if not isinstance(value, str):
        raise BadRequest(f"`{field}` must be a string.")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise BadRequest(f"`{field}` holds half a character (a lone surrogate); send whole ones.")
    text = _clean(value)
    if not text or all(_is_blank(char) for char in text):
        raise BadRequest(f"`{field}` is empty; write something.")
    if len(text) > longest:
        raise BadRequest(f"`{field}` has {len(text)} characters; send at most {longest} at a time.")
    return text


def _clean(text: str) -> str:
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in unix if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def _is_blank(char: str) -> bool:
    # Zero-width and formatting characters (Cf) are needed inside words and emoji, but say
    # nothing by themselves.
    return char.isspace() or unicodedata.category(char) == "Cf"

"""Writes what a browser gets: one JSON body per message, the customer's own echo among them."""

import json
from datetime import datetime
from typing import TypeAlias, assert_never

from bot.domain.files import kept_id
from bot.domain.message import (
    Choices,
    Composed,
    HandoffCard,
    Inbound,
    Mark,
    Media,
    Outbound,
    Part,
    Pressed,
    Sources,
    Template,
    Text,
)

FILES = "/chat/api/files/"
"""Where the web chat fetches files, with its visitor's token."""
Json: TypeAlias = dict[str, object]


def render(outbound: Outbound, *, at: datetime) -> bytes:
    """A message of the bot, of a person or of the system."""
    body = _body(outbound.parts) | {
        "key": outbound.key,
        "author": outbound.author,
        "name": outbound.author_name,
        "at": at.isoformat(),
        "replaces": outbound.replaces,
    }
    if outbound.replaces is not None and not outbound.parts:
        body["deleted"] = True
    return dump(body)


def echo(event: Inbound) -> bytes:
    """The customer's own message, as all of their browsers show it."""
    body = _body(event.parts) | {
        "key": event.key,
        "author": "customer",
        "name": event.sender.name,
        "at": event.sent_at.isoformat(),
        "replaces": None,
    }
    pressed = [part.value for part in event.parts if isinstance(part, Pressed)]
    return dump(body | {"pressed": pressed[0]} if pressed else body)


def dump(body: Json) -> bytes:
    """JSON on one line."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _body(parts: tuple[Part, ...]) -> Json:
    words: list[str] = []
    sources: list[Json] = []
    choices: list[Json] = []
    media: list[Json] = []
    for part in parts:
        match part:
            case Text() | Template():
                words.append(part.text)
            case Pressed():
                words.append(part.label or part.value)
            case Sources():
                sources += [{"title": item.title, "url": item.url} for item in part.items]
            case Choices():
                choices += [{"label": one.label, "value": one.value} for one in part.options]
            case Media():
                media.append(_media(part))
            case HandoffCard() | Composed() | Mark():
                pass  # written for staff and for the engine: nothing a customer may see
            case _:
                assert_never(part)
    return {"text": "\n\n".join(words), "sources": sources, "choices": choices, "media": media}


def _media(part: Media) -> Json:
    kept = kept_id(part)
    url = part.url if kept is None else f"{FILES}{kept}"
    return {"url": url, "mime": part.mime, "name": part.name, "size": part.size}

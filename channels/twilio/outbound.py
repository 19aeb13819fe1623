"""Writes what a phone shows: plain words, a numbered menu, where an answer comes from."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from bot.domain.cards import text_of
from bot.domain.files import kept_id
from bot.domain.message import (
    Choice,
    Choices,
    Composed,
    HandoffCard,
    Mark,
    Media,
    Outbound,
    Part,
    Pressed,
    Sources,
    Template,
    Text,
)
from channels.twilio.gsm import plain
from channels.twilio.inbound import SMS

LONGEST = 1600
"""Characters of a `Body`; Twilio refuses more (21617)."""
_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^)\s]+)\)")
_BOLD = re.compile(r"\*\*(\S(?:[^*\n]*?\S)?)\*\*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one call of the Messages resource says.

    `body` is all of it in words. `options` may be buttons under `unlisted`, the words without them.
    """

    body: str
    media: tuple[str, ...] = ()
    options: tuple[Choice, ...] = ()
    template: Template | None = None


def message_of(
    outbound: Outbound, *, now: datetime, link: Callable[[str], str] | None = None
) -> Message:
    """One message of any author, as its channel shows it; `link` is where a file of ours is got."""
    sms = outbound.address.channel == SMS
    found = (
        _words(part, sms=sms, now=now)
        for part in outbound.parts
        if link is None or not isinstance(part, Media)
    )
    words = "\n\n".join(one for one in found if one)
    if outbound.author == "staff" and outbound.author_name:
        words = f"{outbound.author_name}: {words}"
    words = plain(words) if sms else words
    media = [part for part in outbound.parts if isinstance(part, Media)]
    files = [_where(part, link) for part in media]
    menus = [part.options for part in outbound.parts if isinstance(part, Choices)]
    template = next((part for part in outbound.parts if isinstance(part, Template)), None)
    return Message(
        body=_shortened(words),
        media=tuple(one for one in files if one),
        options=menus[0] if len(menus) == 1 and not sms else (),
        template=None if sms else template,
    )


def unlisted(outbound: Outbound, *, now: datetime) -> str:
    """The words of a message without its menu."""
    rest = tuple(part for part in outbound.parts if not isinstance(part, Choices))
    return message_of(replace(outbound, parts=rest), now=now).body


def _where(media: Media, link: Callable[[str], str] | None) -> str | None:
    kept = kept_id(media)
    return media.url if kept is None else link(kept) if link is not None else None


def _words(part: Part, *, sms: bool, now: datetime) -> str:
    match part:
        case Text() | Template():
            return _unmarked(part.text, sms=sms)
        case Choices():
            return "\n".join(f"{n}. {one.label}" for n, one in enumerate(part.options, 1))
        case Sources():
            return "\n".join(f"{one.title}: {one.url}" for one in part.items if one.url)
        case Media():
            return "" if kept_id(part) is None else f"(file: {part.name})"
        case HandoffCard():
            return text_of(part, now)
        case Pressed() | Composed() | Mark():
            return (part.label or part.value) if isinstance(part, Pressed) else ""
        case _:
            assert_never(part)


def _unmarked(text: str, *, sms: bool) -> str:
    text = _LINK.sub(lambda f: f[2] if f[1] == f[2] else f"{f[1]} {f[2]}", text)
    return _BOLD.sub(r"\1" if sms else r"*\1*", text)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 3].rstrip() + "..."

"""Reads a message as a person would: names for ids, signs for short codes, plain characters."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from bot.domain.message import Part, Text

Json: TypeAlias = dict[str, Any]

_ENTITY = re.compile(r"<([^<>\n]+)>")
_BOLD = re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*?\S)?)\*(?![\w*])")
_EMOJI = re.compile(r":([a-z0-9_+'-]+)(?:::skin-tone-\d)?:")
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_SPACES = re.compile(r"(?<=\S)[ \t]{2,}")
_UNSEEN = re.compile("[\u200b\u2060\ufeff]")
SOMEBODY = "somebody"


def parts_of(message: Json, *, names: Mapping[str, str], own: str) -> tuple[Part, ...]:
    """What a message says; `names` are the names of users, `own` is our user id there.

    Our own mention is how the bot was called, and is left out.
    """
    signs = dict(_signs(message.get("blocks") or []))

    def read(text: object) -> str:
        called = re.sub(rf"<@{re.escape(own)}(?:\|[^>]*)?>[,:]?", " ", str(text or ""))
        return _read(called, names, signs)

    words = [read(message.get("text"))]
    words += [_passed_on(one, read) for one in message.get("attachments") or []]
    words += [read(spoken) for spoken in _spoken(message)]
    words += [f"(file: {name})" for name in file_names(message)]
    said = "\n".join(one for one in words if one)
    return (Text(text=said),) if said else ()


def _read(text: str, names: Mapping[str, str], signs: Mapping[str, str]) -> str:
    """Mrkdwn as plain words; what stands in code is left as it is, and so is indentation."""
    pieces = _CODE.split(text)
    for place, piece in enumerate(pieces):
        plain = _ENTITY.sub(lambda found: _entity(found[1], names), piece)
        if not place % 2:
            plain = _EMOJI.sub(lambda found: signs.get(found[1], found[0]), plain)
            plain = _BOLD.sub(r"**\1**", plain)
            plain = _SPACES.sub(" ", _UNSEEN.sub("", plain).replace("\xa0", " "))
        pieces[place] = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return "\n".join(line.rstrip() for line in "".join(pieces).split("\n")).strip()


def _passed_on(attachment: object, read: Callable[[object], str]) -> str:
    """Somebody's message that was shared, quoted; previews of links are nobody's words."""
    if not isinstance(attachment, dict) or not attachment.get("is_share"):
        return ""
    words = read(attachment.get("text") or attachment.get("fallback"))
    who = str(attachment.get("author_name") or SOMEBODY)
    return "\n".join(f"> {line}" for line in f"{who}: {words}".split("\n")) if words else ""


def _spoken(message: Json) -> Iterator[str]:
    """What voice messages say, as far as Slack has written it down."""
    for file in message.get("files") or []:
        spoken = file.get("transcription") if isinstance(file, dict) else None
        preview = spoken.get("preview") if isinstance(spoken, dict) else None
        if isinstance(preview, dict) and preview.get("content"):
            yield str(preview["content"])


def file_names(message: Json) -> list[str]:
    """What the files of a message are called."""
    files = message.get("files") or []
    return [str(f.get("name") or f.get("title") or "file") for f in files if isinstance(f, dict)]


def mentioned(message: Json) -> set[str]:
    """The ids of all users that a message names."""
    return set(re.findall(r"<@([A-Z0-9]+)", str(message.get("text") or "")))


def _entity(inside: str, names: Mapping[str, str]) -> str:
    where, _, label = inside.partition("|")
    if where.startswith("@"):
        return "@" + (names.get(where[1:]) or label or SOMEBODY)
    if where.startswith("#"):
        return "#" + (label or "channel")
    if where.startswith("!"):
        return _special(where[1:], label)
    address = where.removeprefix("mailto:").removeprefix("tel:")
    return address if not label or label == address else f"[{label}]({address})"


def _special(command: str, label: str) -> str:
    name = command.partition("^")[0]
    if label:
        return label if name in ("date", "subteam") else "@" + label.removeprefix("@")
    return "@group" if name == "subteam" else f"@{name}"


def _signs(node: object) -> Iterator[tuple[str, str]]:
    """The emoji of rich text: what their short codes stand for."""
    if isinstance(node, list):
        for one in node:
            yield from _signs(one)
    elif isinstance(node, dict):
        if node.get("type") == "emoji" and isinstance(node.get("unicode"), str):
            try:
                points = [int(one, 16) for one in node["unicode"].split("-")]
                yield str(node.get("name")), "".join(map(chr, points))
            except (ValueError, OverflowError):
                pass  # not what Slack documents: the short code stays
        yield from _signs(node.get("elements") or [])

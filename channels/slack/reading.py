"""Reads a message as a person would: names for ids, signs for short codes, plain characters."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from bot.domain.message import Part, Text

Json: TypeAlias = dict[str, Any]

_ENTITY = re.compile(r"<([^<>\n]+)>")
_BOLD = re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*?\S)?)\*(?![\w*])")
_EMOJI = re.compile(r":([a-z0-9_+'-]+)(?:::skin-tone-\d)?:")
SOMEBODY = "somebody"


def parts_of(message: Json, *, names: Mapping[str, str], own: str) -> tuple[Part, ...]:
    """What a message says; `names` are the names of users, `own` is our user id there.

    Our own mention at the beginning is how the bot was called, and is left out.
    """
    text = str(message.get("text") or "")
    text = re.sub(rf"<@{re.escape(own)}(?:\|[^>]*)?>[,:]?", " ", text)
    signs = dict(_signs(message.get("blocks") or []))
    text = _ENTITY.sub(lambda found: _entity(found[1], names), text)
    text = _EMOJI.sub(lambda found: signs.get(found[1], found[0]), text)
    text = _BOLD.sub(r"**\1**", text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    text = "\n".join(re.sub(r"[ \t]{2,}", " ", line).rstrip() for line in text.split("\n")).strip()
    words = [text, *(f"(file: {name})" for name in file_names(message))]
    said = "\n".join(one for one in words if one)
    return (Text(text=said),) if said else ()


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

"""Finds the sections of a Markdown text: each heading with what stands under it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

_QUESTION = re.compile(
    r".*[?\u037e\u061f\uff1f]['\"\u201d)*_\s]*|"  # also Greek, Arabic, full width
    r"(how|what|where|when|why|who|which|can|could|do|does|is|are|should)\s.+",
    re.IGNORECASE,
)
ANCHOR = re.compile(r"\s*\{#(?P<anchor>[^\s{}]+)\}\s*$")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, empty for what stands above the first one, and the Markdown under it.

    A heading may end in `{#anchor}`, its place in the page. `line` is the heading's, from 1.
    """

    heading: str
    text: str
    line: int
    anchor: str | None = None

    @property
    def asks(self) -> bool:
        return _QUESTION.fullmatch(self.heading) is not None


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    text: str
    first: int
    after: int


def sections(body: str) -> Iterator[Section]:
    """In order; what answers a question goes on until the answer ends."""
    lines = body.split("\n")
    headings = list(_headings(MarkdownIt("commonmark").parse(body)))
    first = headings[0].first if headings else len(lines)
    yield Section("", _between(lines, 0, first), 1)
    answered = 0  # lines before this one belong to an answer already
    for place, heading in enumerate(headings):
        if heading.first < answered:
            continue
        end = _end(headings, place, len(lines))
        if _asks(heading):
            answered = end
        found = ANCHOR.search(heading.text)
        yield Section(
            ANCHOR.sub("", heading.text),
            _between(lines, heading.after, end),
            heading.first + 1,
            found["anchor"] if found else None,
        )


def _end(headings: list[_Heading], place: int, last: int) -> int:
    """The next heading; to an answer belong deeper ones that ask nothing."""
    one = headings[place]
    for other in headings[place + 1 :]:
        if not _asks(one) or other.level <= one.level or _asks(other):
            return other.first
    return last


def _asks(heading: _Heading) -> bool:
    return _QUESTION.fullmatch(ANCHOR.sub("", heading.text)) is not None


def _between(lines: list[str], start: int, end: int) -> str:
    kept = (ANCHOR.sub("", one) if one.startswith("#") else one for one in lines[start:end])
    return "\n".join(kept).strip()


def _headings(tokens: list[Token]) -> Iterator[_Heading]:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.level == 0 and opening.map:
            text = "".join(child.content for child in inline.children or ()).strip()
            yield _Heading(int(opening.tag[1:]), text, *opening.map)

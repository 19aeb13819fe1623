"""Reads Markdown: one article with front matter, or a page whose headings are questions."""

import re
from collections.abc import Iterator
from itertools import pairwise

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.fields import KNOWN, Fault, Found, Unusable, article_from, unknown

_FENCE = re.compile(r"---\s*")
_QUESTION = re.compile(
    r".*[?\u037e\u061f\uff1f]['\"\u201d)*_\s]*|"  # also Greek, Arabic, full width
    r"(how|what|where|when|why|who|which|can|could|do|does|is|are|should)\s.+",
    re.IGNORECASE,
)
_NOT_FOR_PAGES = ("id", "question", "variants", "answer")


def read_markdown(text: str, source: str) -> Iterator[Found | Fault]:
    """Every article of a file, and what keeps others from being one."""
    try:
        fields, body, before = _parted(text)
    except Unusable as exc:
        yield Fault(str(exc))
        return
    except yaml.YAMLError as exc:
        yield _yaml_fault(exc)
        return
    for key in unknown(fields):
        yield Fault(f"the key {key!r} means nothing: known are {', '.join(KNOWN)}", 1)
    if "question" in fields or "id" in fields:
        try:
            yield Found(article_from({**fields, "answer": body}, source))
        except Unusable as exc:
            yield Fault(str(exc))
        return
    yield from _page(fields, body, before, source)


def _parted(text: str) -> tuple[dict[str, object], str, int]:
    """Front matter, body, and how many lines stand before the body."""
    lines = text.splitlines()
    if not lines or not _FENCE.fullmatch(lines[0]):
        return {}, text, 0
    for place, line in enumerate(lines[1:], start=1):
        if _FENCE.fullmatch(line):
            fields = _fields("\n".join(lines[1:place]))
            return fields, "\n".join(lines[place + 1 :]).strip("\n"), place + 1
    raise Unusable("the front matter has no end: close it with a line of three hyphens")


def _fields(front: str) -> dict[str, object]:
    # The base loader leaves every scalar a text: `no` is a language and a variant, not False.
    loaded = yaml.load(front, Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts only
    if loaded is None or loaded == "":
        return {}
    if not isinstance(loaded, dict):
        raise Unusable("the front matter must be lines of `key: value`")
    return {str(key): value for key, value in loaded.items()}


def _yaml_fault(exc: yaml.YAMLError) -> Fault:
    mark = getattr(exc, "problem_mark", None)
    what = getattr(exc, "problem", None) or "it cannot be read"
    advice = "put texts with a colon or a quote inside in quotes"
    return Fault(
        f"the front matter is not YAML ({what}): {advice}", mark.line + 2 if mark else None
    )


def _page(
    defaults: dict[str, object], body: str, before: int, source: str
) -> Iterator[Found | Fault]:
    """Each question heading with the text under it."""
    shared = {key: defaults[key] for key in defaults if key not in _NOT_FOR_PAGES}
    found = False
    for question, answer, line in _sections(body):
        found = True
        try:
            made = article_from({**shared, "question": question, "answer": answer}, source)
            yield Found(made, before + line)
        except Unusable as exc:
            yield Fault(str(exc), before + line)
    if not found:
        yield Fault(
            "there is no question in it: start it with front matter that has `question:`, or"
            " make headings of the questions"
        )


def _sections(body: str) -> Iterator[tuple[str, str, int]]:
    """Question, the Markdown under it, and the line of its heading."""
    lines = body.splitlines()
    headings = list(_headings(MarkdownIt("commonmark").parse(body)))
    for place, (level, text, first, after) in enumerate(headings):
        if not _QUESTION.fullmatch(text):
            continue
        end = len(lines)
        for other_level, other, start, _ in headings[place + 1 :]:
            # A deeper heading that asks nothing is part of the answer.
            if other_level <= level or _QUESTION.fullmatch(other):
                end = start
                break
        yield text, "\n".join(lines[after:end]).strip(), first + 1


def _headings(tokens: list[Token]) -> Iterator[tuple[int, str, int, int]]:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.level == 0 and opening.map:
            text = "".join(child.content for child in inline.children or ()).strip()
            yield int(opening.tag[1:]), text, opening.map[0], opening.map[1]

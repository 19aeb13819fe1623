"""Reads Markdown: one article with front matter, a page of questions, or any text."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import yaml

from knowledge.documents import Document, articles_of, title_of
from knowledge.fields import Fault, Found, Unusable, article_from, nameless, unknown

_FENCE = re.compile(r"---\s*")
_NOT_FOR_PAGES = ("id", "question", "variants", "answer", "title", "content")


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
    # A site's own generator has keys of its own beside a page's title.
    for key in () if "title" in fields else unknown(fields):
        yield Fault(nameless(key), 1)
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
    fields: dict[str, object], body: str, before: int, source: str
) -> Iterator[Found | Fault]:
    """A page of questions, or a text whose title is given, its first heading or its file's name."""
    shared = {key: fields[key] for key in fields if key not in _NOT_FOR_PAGES}
    path = PurePosixPath(source)
    given = fields.get("title")
    document = Document(
        name=path.with_suffix("").as_posix(),
        title=given if isinstance(given, str) and given else title_of(body, path.name),
        body=body,
        before=before,
        ids_by_page=False,
        fields=shared,
    )
    yield from articles_of(document, source)

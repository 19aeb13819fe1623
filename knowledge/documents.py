"""Makes articles out of a document of any length: a heading is the title, its text the answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath

from knowledge.fields import Fault, Found, Unusable, article_from, slug
from knowledge.pieces import pieces
from knowledge.sections import ANCHOR, Section, sections

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/. -]{2,}")
_TOP = re.compile(r"#{1,2}\s+(?P<title>.+?)\s*#*")
# On a page written for us a shorter text beside the questions is a word of introduction.
_LEAST_ASIDE = 80
_LONGEST_NAME, _LONGEST_PART = 48, 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Markdown with a title; `name` is the same whenever it is read again.

    `fields` go into every article of it; `before` counts the lines of the file above the body.
    A question that stands in one of many pages is named after its page too (`ids_by_page`).
    """

    name: str
    title: str
    body: str
    url: str | None = None
    language: str | None = None
    before: int = 0
    ids_by_page: bool = True
    fields: Mapping[str, object] = field(default_factory=dict)


def articles_of(document: Document, source: str) -> Iterator[Found | Fault]:
    """Every article of a document, in order; a fault where there is none."""
    found = False
    for one in _Cut(document, source).articles():
        found = True
        yield one
    if not found:
        yield Fault("there is nothing in it: write an answer, or leave the file out")


def title_of(body: str, file: str) -> str:
    """What the heading at the very top says, else what the file is called."""
    first = next((line for line in body.split("\n") if line.strip()), "")
    heading = _TOP.fullmatch(first.strip())
    if heading:
        return ANCHOR.sub("", heading["title"])
    return re.sub(r"[-_\s]+", " ", PurePosixPath(file).stem).strip().capitalize() or file


def document_id(name: str) -> str:
    """What the ids of a document's articles begin with; one name, one beginning."""
    plain = slug(name)
    # Two long names may begin alike, and letters that are not Latin leave nothing of a name.
    told = len(name) <= _LONGEST_NAME and _PLAIN.fullmatch(name)
    return plain if told else f"{plain[:_LONGEST_NAME]}-{sha256(name.encode()).hexdigest()[:6]}"


class _Cut:
    def __init__(self, document: Document, source: str) -> None:
        self._document = document
        self._source = source
        self._base = document_id(document.name)
        self._taken: set[str] = set()

    def articles(self) -> Iterator[Found | Fault]:
        found = list(sections(self._document.body))
        ours = not self._document.ids_by_page and any(one.asks for one in found)
        for one in found:
            if one.asks:
                yield self._answer(one)
            elif _letters(one.text) and len(one.text) >= (_LEAST_ASIDE if ours else 1):
                yield from self._text(one)

    def _answer(self, one: Section) -> Found | Fault:
        fields = {"question": one.heading, "answer": one.text}
        if self._document.ids_by_page:
            fields["id"] = self._free_id(one)
        return self._made(one, fields)

    def _text(self, one: Section) -> Iterator[Found | Fault]:
        """A text under its title, in pieces where it is long."""
        for number, piece in enumerate(pieces(one.text), start=1):
            title = self._title(one) + (f" ({number})" if number > 1 else "")
            fields = {"id": self._free_id(one), "question": title, "answer": piece}
            yield self._made(one, fields)

    def _title(self, one: Section) -> str:
        title = self._document.title
        if one.heading.casefold() in ("", title.casefold()):
            return title
        return f"{title}: {one.heading}"

    def _free_id(self, one: Section) -> str:
        """An id that no other article of the document has."""
        name = self._base
        if one.heading not in ("", self._document.title):
            name = f"{name}--{slug(one.heading)[:_LONGEST_PART].strip('-')}"
        free, number = name, 1
        while free in self._taken:
            number += 1
            free = f"{name}-{number}"
        self._taken.add(free)
        return free

    def _made(self, one: Section, own: Mapping[str, object]) -> Found | Fault:
        document = self._document
        line = document.before + one.line if one.heading else None
        url = document.url
        if url and one.anchor and "#" not in url:
            url = f"{url}#{one.anchor}"
        fields = {"url": url, "language": document.language, **document.fields, **own}
        try:
            return Found(article_from(fields, self._source), line)
        except Unusable as exc:
            return Fault(str(exc), line)


def _letters(text: str) -> bool:
    return any(letter.isalnum() for letter in text)

"""What is asked of the converting process, and what it answers: a line of JSON each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["html", "pdf", "docx", "xlsx", "csv"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file to convert; `name` is what its reader calls it, `url` where it came from."""

    path: Path
    kind: Kind
    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table of questions and answers: column to cell; `line` is its number."""

    line: int
    fields: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A file as Markdown. `links` lead on from a web page, `hidden` says not to take it in."""

    title: str = ""
    body: str = ""
    url: str | None = None
    language: str | None = None
    rows: tuple[Row, ...] = ()
    links: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a file cannot be converted, and what to do about it."""

    why: str


class Unreadable(Exception):
    """The file is not what it should be; the words say what to do."""

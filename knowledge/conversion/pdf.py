"""Turns a PDF into Markdown: headings by the size of their letters, tables by their lines."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from knowledge.conversion.shapes import Converted, Unreadable

MOST_PAGES = 2000
_LARGER = 1.15
_LONGEST_HEADING = 120
_GAP = 0.7  # of a line's height: more is a new paragraph
_OFTEN = 3  # pages that begin or end with the same words, before those are a running title
_ITEM = re.compile(r"([-*•‣▪·–]|\d{1,3}[.)])\s+")  # noqa: RUF001 - a list begins with any of them
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line or a table, where it stands on which page; `size` is 0 for a table."""

    text: str
    size: float
    top: float
    bottom: float
    page: int


def convert_pdf(path: Path) -> Converted:
    """Raises `Unreadable` for one that is encrypted, too long, or holds no text."""
    try:
        with pdfplumber.open(path) as book:
            if len(book.pages) > MOST_PAGES:
                raise Unreadable(f"it has more than {MOST_PAGES} pages: split it")
            lines = [line for page in book.pages for line in _lines(page)]
            told = str((book.metadata or {}).get("Title") or "").strip()
    except PdfminerException as exc:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (exc.__context__, *exc.args)):
            raise Unreadable("it is encrypted: save it without a password") from None
        raise Unreadable("it is damaged: save it anew") from None
    usual = _usual_size(lines)
    lines = _without_running_titles(lines, usual * _LARGER)
    if not lines:
        raise Unreadable("it holds no text, pictures of text perhaps: run text recognition on it")
    return Converted(title=told, body=_markdown(lines, usual))


def _lines(page: Any) -> Iterator[_Line]:  # noqa: ANN401 - a page, or part of one
    ruled = bool(page.lines or page.rects)
    tables = [table for table in page.find_tables() if _is_table(table)] if ruled else []
    number = page.page_number
    found = [_Line(_table(table), 0, table.bbox[1], table.bbox[3], number) for table in tables]
    boxes = [table.bbox for table in tables]
    rest = page.filter(lambda one: not any(_inside(one, box) for box in boxes)) if boxes else page
    for line in rest.extract_text_lines(return_chars=True):
        sizes = sorted(char["size"] for char in line["chars"])
        size = round(sizes[len(sizes) // 2], 1)
        found.append(_Line(line["text"].strip(), size, line["top"], line["bottom"], number))
    page.close()
    yield from sorted((one for one in found if one.text), key=lambda one: one.top)


def _inside(one: Mapping[str, Any], box: tuple[float, float, float, float]) -> bool:
    """By its middle: the letters of a line may touch the table below it."""
    across, down = (one["x0"] + one["x1"]) / 2, (one["top"] + one["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _is_table(table: Any) -> bool:  # noqa: ANN401 - pdfplumber's
    return len(table.rows) > 1 and len(table.rows[0].cells) > 1


def _table(table: Any) -> str:  # noqa: ANN401 - pdfplumber's
    rows = [
        [" ".join((cell or "").replace("|", "/").split()) for cell in row]
        for row in table.extract()
    ]
    written = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([written[0], "|" + " --- |" * len(rows[0]), *written[1:]])


def _without_running_titles(lines: Sequence[_Line], heading: float) -> list[_Line]:
    """Drop what stands at the top or bottom of most pages, whatever number it bears."""
    pages: dict[int, list[_Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges = Counter(
        _DIGITS.sub("#", edge.text)
        for page in pages.values()
        for edge in {page[0], page[-1]}
        if edge.size <= heading
    )
    running = {text for text, count in edges.items() if count >= max(_OFTEN, len(pages) // 2)}
    kept = []
    for page in pages.values():
        inside = [_DIGITS.sub("#", one.text) in running for one in page]
        kept += [
            one
            for place, one in enumerate(page)
            if not (inside[place] and place in (0, len(page) - 1))
        ]
    return kept


def _markdown(lines: Sequence[_Line], usual: float) -> str:
    sizes = sorted({one.size for one in lines if one.size > usual * _LARGER}, reverse=True)
    parts: list[str] = []
    before: _Line | None = None
    for one in lines:
        if one.size in sizes and len(one.text) <= _LONGEST_HEADING:
            level = min(sizes.index(one.size) + 1, 4)
            if before and _same_heading(before, one):
                parts[-1] = _grown(parts[-1], one.text)
            else:
                parts.append(f"{'#' * level} {one.text} {{#page={one.page}}}")
        elif one.size == 0:
            parts.append(one.text)
        elif before and _goes_on(before, one, usual):
            parts[-1] = _joined(parts[-1], one.text)
        else:
            parts.append(_plain(one.text))
        before = one
    return "\n\n".join(parts)


def _usual_size(lines: Sequence[_Line]) -> float:
    letters: Counter[float] = Counter()
    for one in lines:
        letters[one.size] += len(one.text) if one.size else 0
    return letters.most_common(1)[0][0] if letters else 0


def _same_heading(before: _Line, one: _Line) -> bool:
    near = one.top - before.bottom < _GAP * one.size
    return before.size == one.size and before.page == one.page and near


def _grown(heading: str, text: str) -> str:
    said, _, anchor = heading.rpartition(" {#")
    return f"{said} {text} {{#{anchor}"


def _goes_on(before: _Line, one: _Line, usual: float) -> bool:
    if before.size == 0 or before.size > usual * _LARGER or _ITEM.match(one.text):
        return False
    if before.page != one.page:
        return not before.text.endswith((".", "!", "?", ":"))
    return one.top - before.bottom < _GAP * max(one.bottom - one.top, 1)


def _joined(text: str, more: str) -> str:
    if text.endswith("-") and text[-2:-1].isalpha() and more[:1].islower():
        return text[:-1] + more  # a word parted at the end of its line
    return f"{text} {more}"


def _plain(text: str) -> str:
    """A paragraph that Markdown takes for nothing else."""
    item = _ITEM.match(text)
    if item and not item[1][0].isdigit():
        return f"- {text[item.end() :]}"
    return f"\\{text}" if text.startswith("#") else text

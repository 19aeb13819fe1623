"""Reads tables: rows of questions and answers become articles, any other table stays one."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import StringIO
from itertools import islice
from pathlib import Path

from knowledge.conversion.shapes import Converted, Row, Unreadable

MOST_ROWS = 100_000
_MOST_COLUMNS = 100
_COLUMNS = {
    "question": ("question", "questions", "q", "faq", "frage", "pregunta", "domanda", "vraag"),
    "answer": ("answer", "answers", "a", "reply", "response", "antwort", "réponse", "respuesta",
               "risposta", "antwoord"),
    "id": ("id", "key"),
    "variants": ("variants", "phrasings", "alternatives", "synonyms"),
    "url": ("url", "link", "source"),
    "language": ("language", "lang", "locale"),
    "lines": ("lines", "line"),
    "owner": ("owner",),
    "review_by": ("review_by", "review by", "review date"),
    "verbatim": ("verbatim", "verbatim_only"),
    "human_led": ("human_led", "human led"),
}  # fmt: skip
_FIELDS = {heading: field for field, headings in _COLUMNS.items() for heading in headings}

Line = tuple[int, list[str]]


def convert_csv(path: Path) -> Converted:
    """Raises `Unreadable` for what is no UTF-8."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("the text is not UTF-8: save it as CSV UTF-8") from None
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:20_000], ",;\t|")
    except csv.Error:
        dialect = csv.excel
    reader = csv.reader(StringIO(text, newline=""), dialect)
    try:
        lines = [(reader.line_num, cells) for cells in islice(reader, MOST_ROWS + 1)]
    except csv.Error as exc:
        raise Unreadable(f"the table breaks off at line {reader.line_num} ({exc})") from None
    return _converted([("", lines)])


def convert_xlsx(path: Path) -> Converted:
    """Every sheet; formulas as what they came to when the file was saved."""
    import openpyxl  # noqa: PLC0415 - not every file is a workbook

    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [(sheet.title, list(_lines(sheet))) for sheet in book.worksheets]
    finally:
        book.close()
    return _converted(sheets)


def _lines(sheet: object) -> Iterator[Line]:
    rows: Iterable[Sequence[object]] = sheet.iter_rows(  # type: ignore[attr-defined]  # two kinds of sheet
        values_only=True, max_col=_MOST_COLUMNS
    )
    for number, cells in enumerate(rows, start=1):
        if any(cell is not None for cell in cells):
            yield number, [_cell(cell) for cell in cells]
        if number > MOST_ROWS:
            return


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != datetime.min.time() else str(cell.date())
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _converted(sheets: Sequence[tuple[str, list[Line]]]) -> Converted:
    rows: list[Row] = []
    texts: list[str] = []
    for name, lines in sheets:
        filled = [(number, cells) for number, cells in lines if any(map(str.strip, cells))]
        if len(filled) > MOST_ROWS:
            raise Unreadable("it has more than 100,000 rows: split it")
        if not filled:
            continue
        columns = _columns(filled[0][1])
        if {"question", "answer"} <= set(columns):
            rows.extend(_row(number, cells, columns) for number, cells in filled[1:])
        else:
            texts.append((f"## {name}\n\n" if name and len(sheets) > 1 else "") + _table(filled))
    if not rows and not texts:
        raise Unreadable("the file is empty: fill it, or leave it out")
    return Converted(body="\n\n".join(texts), rows=tuple(rows))


def _columns(header: Sequence[str]) -> list[str]:
    """What each column is for; empty where its heading says nothing to us."""
    found: list[str] = []
    for heading in header:
        field = _FIELDS.get(heading.strip().casefold(), "")
        found.append("" if field in found else field)
    return found


def _row(number: int, cells: Sequence[str], columns: Sequence[str]) -> Row:
    named = zip(columns, cells, strict=False)
    return Row(line=number, fields={name: cell.strip() for name, cell in named if name})


def _table(lines: Sequence[Line]) -> str:
    width = max(_width(cells) for _, cells in lines)
    rows = [_written(cells, width) for _, cells in lines]
    return "\n".join([rows[0], "|" + " --- |" * width, *rows[1:]])


def _width(cells: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _written(cells: Sequence[str], width: int) -> str:
    padded = [*cells[:width], *[""] * (width - len(cells))]
    flat = (" ".join(cell.replace("|", "/").split()) for cell in padded)
    return "| " + " | ".join(flat) + " |"

"""The converting process: `python -m knowledge.conversion.child`; a line of JSON in, one out."""

import os
import sys
from collections.abc import Callable
from typing import BinaryIO

from pydantic import TypeAdapter

from knowledge.conversion.limits import check, hold_memory
from knowledge.conversion.shapes import Converted, Kind, Refusal, Unreadable, Wanted

_NICE = 10
_WANTED = TypeAdapter(Wanted)
_ANSWER: TypeAdapter[Converted | Refusal] = TypeAdapter(Converted | Refusal)


def _html(wanted: Wanted) -> Converted:
    from knowledge.conversion.html import convert_html  # noqa: PLC0415 - only what is needed

    return convert_html(wanted.path.read_bytes(), wanted.url)


def _docx(wanted: Wanted) -> Converted:
    from knowledge.conversion.word import convert_docx  # noqa: PLC0415 - only what is needed

    return convert_docx(wanted.path)


def _pdf(wanted: Wanted) -> Converted:
    from knowledge.conversion.pdf import convert_pdf  # noqa: PLC0415 - only what is needed

    return convert_pdf(wanted.path)


def _xlsx(wanted: Wanted) -> Converted:
    from knowledge.conversion.tables import convert_xlsx  # noqa: PLC0415 - only what is needed

    return convert_xlsx(wanted.path)


def _csv(wanted: Wanted) -> Converted:
    from knowledge.conversion.tables import convert_csv  # noqa: PLC0415 - only what is needed

    return convert_csv(wanted.path)


_READERS: dict[Kind, Callable[[Wanted], Converted]] = {
    "html": _html, "docx": _docx, "pdf": _pdf, "xlsx": _xlsx, "csv": _csv,
}  # fmt: skip


def answer(wanted: Wanted) -> Converted | Refusal:
    """The file as Markdown, or why not, in words."""
    try:
        check(wanted.path, wanted.kind)
        return _READERS[wanted.kind](wanted)
    except Unreadable as exc:
        return Refusal(why=str(exc))
    except (MemoryError, RecursionError):
        return Refusal(why="it wants more memory than a file may: split it")
    except Exception as exc:  # noqa: BLE001 - whatever a foreign library makes of a broken file
        kind = type(exc).__name__
        return Refusal(why=f"it is damaged, or not a .{wanted.kind} ({kind}): save it anew")


def main() -> int:
    """Answer until nobody asks any more."""
    os.nice(_NICE)
    hold_memory()
    with _own_output() as out:
        for line in sys.stdin.buffer:
            found = answer(_WANTED.validate_json(line))
            out.write(_told(found) + b"\n")
            out.flush()
    return 0


def _told(found: Converted | Refusal) -> bytes:
    try:
        return _ANSWER.dump_json(found)
    except ValueError:  # half a character, which no encoding has
        return _ANSWER.dump_json(Refusal(why="its text is damaged: save it anew"))


def _own_output() -> BinaryIO:
    """What libraries print goes nowhere: the answers have the output to themselves."""
    own = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return own


if __name__ == "__main__":
    sys.exit(main())

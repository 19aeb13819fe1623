"""Files that look small and are not, or are of another kind than their name says."""

import resource
import sys
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from knowledge.conversion.shapes import Kind, Unreadable

# Text grows to several times its size while it is converted; office files hold pictures too.
LARGEST_TEXT = 10_000_000
LARGEST_FILE = 50_000_000
LARGEST_UNPACKED = 200_000_000
MOST_PARTS = 10_000
MEMORY_BYTES = 2_000_000_000

_BEGINNINGS = {b"%PDF-": "a PDF", b"PK\x03\x04": "an office file or an archive"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


def hold_memory() -> None:
    """A file that wants more than this ends the process, not the machine."""
    if sys.platform == "linux":  # elsewhere the system ignores or refuses it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def check(path: Path, kind: Kind) -> None:
    """Raises `Unreadable` for a file that must not be opened as `kind`."""
    with path.open("rb") as handle:
        beginning = handle.read(1024)
    if not beginning.strip():
        raise Unreadable("the file is empty: fill it, or leave it out")
    if beginning.startswith(_OLD_OFFICE):
        raise Unreadable("it is encrypted, or of an old Office: save it as .docx or .xlsx, open")
    if kind == "pdf":
        if b"%PDF-" not in beginning:
            raise Unreadable(f"it is not a PDF{_what(beginning)}: check its ending")
    elif kind in _PARTS:
        _check_parts(path, kind, beginning)
    elif any(beginning.startswith(mark) for mark in _BEGINNINGS) or b"\0" in beginning:
        raise Unreadable(f"it is not text{_what(beginning)}: check its ending")


def _what(beginning: bytes) -> str:
    found = (what for mark, what in _BEGINNINGS.items() if beginning.startswith(mark))
    return "".join(f" but {what}" for what in found)


def _check_parts(path: Path, kind: str, beginning: bytes) -> None:
    try:
        with ZipFile(path) as opened:
            parts = opened.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unreadable(f"it is not a .{kind}{_what(beginning)}: check its ending") from None
    # What a part says of its size is held to: the archive is read no further than that.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Unreadable("unpacked it would be larger than 200 MB: split it")
    if _PARTS[kind] not in {part.filename for part in parts}:
        raise Unreadable(f"it is an archive but not a .{kind}: check its ending")

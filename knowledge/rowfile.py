"""What one index is scored with, on disk and mapped into memory: its presence says it is whole."""

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.disk import disk_errors
from knowledge.lexical import WORD_ARRAYS, WordIndex
from knowledge.ranking import Rows

_VECTORS = "rows.npy"
_ABOUT = "about.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one index is scored with."""

    rows: Rows
    words: WordIndex


def write(folder: Path, stamp: str, rows: Rows, words: WordIndex) -> None:
    """Bring the files into `folder`, whole or not at all; `stamp` says which they are.

    Raises `KnowledgeError` where the disk takes no more.
    """
    with disk_errors(f"the rows of {folder.name} cannot be stored"):
        _write(folder, stamp, rows, words)


def _write(folder: Path, stamp: str, rows: Rows, words: WordIndex) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        vectors = np.ascontiguousarray(rows.vectors, dtype=np.float32)
        for name, array in {_VECTORS: vectors, **_named(words)}.items():
            with (workshop / name).open("wb") as handle:
                np.save(handle, array)
                handle.flush()
                os.fsync(handle.fileno())
        about = json.dumps({"stamp": stamp, "sizes": np.diff(rows.starts).tolist()})
        (workshop / _ABOUT).write_text(about, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        workshop.rename(folder)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def read(folder: Path, stamp: str) -> Held | None:
    """None where a file is missing, damaged, or another's."""
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        vectors = np.load(folder / _VECTORS, mmap_mode="r")
        rows = Rows.of(vectors, about["sizes"])
        arrays = {name: np.load(folder / _file(name), mmap_mode="r") for name in WORD_ARRAYS}
        words = WordIndex.from_arrays(len(about["sizes"]), arrays)
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
    if about["stamp"] != stamp or rows.starts[-1] != len(vectors) or not words.whole():
        return None
    return Held(rows=rows, words=words)


def _named(words: WordIndex) -> dict[str, NDArray[Any]]:
    return {_file(name): getattr(words, name) for name in WORD_ARRAYS}


def _file(name: str) -> str:
    return f"words-{name}.npy"

"""The vectors of one index on disk, mapped into memory: its presence says the index is whole."""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge.disk import disk_errors
from knowledge.encoder import Vectors
from knowledge.ranking import Rows

_VECTORS = "rows.npy"
_SIZES = "sizes.json"


def write(folder: Path, stamp: str, vectors: Vectors, sizes: Sequence[int]) -> None:
    """Bring the rows into `folder`, whole or not at all; `stamp` says which they are.

    Raises `KnowledgeError` where the disk takes no more.
    """
    with disk_errors(f"the rows of {folder.name} cannot be stored"):
        _write(folder, stamp, vectors, sizes)


def _write(folder: Path, stamp: str, vectors: Vectors, sizes: Sequence[int]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        with (workshop / _VECTORS).open("wb") as handle:
            np.save(handle, np.ascontiguousarray(vectors, dtype=np.float32))
            handle.flush()
            os.fsync(handle.fileno())
        owned = json.dumps({"stamp": stamp, "sizes": list(sizes)})
        (workshop / _SIZES).write_text(owned, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        workshop.rename(folder)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def read(folder: Path, stamp: str) -> Rows | None:
    """None where the rows are missing, damaged, or others."""
    try:
        owned = json.loads((folder / _SIZES).read_text(encoding="utf-8"))
        vectors = np.load(folder / _VECTORS, mmap_mode="r")
        rows = Rows.of(vectors, owned["sizes"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if owned["stamp"] != stamp or rows.starts[-1] != len(vectors):
        return None
    return rows

"""A full disk or a wrong permission is an error of ours, with the reason in it."""

import errno
import os
from pathlib import Path
from typing import NoReturn, cast

import numpy as np
import pytest

from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Article
from knowledge import rowfile
from knowledge.chroma import Collections, mapped_errors
from knowledge.index import Place, build, load
from knowledge.lexical import WordIndex
from knowledge.locks import locked
from knowledge.ranking import Rows

ARTICLE = Article(id="a", question="Who?", answer="Me.")
ROWS = Rows.of(np.ones((2, 4), dtype=np.float32), [2])
WORDS = WordIndex.of([ARTICLE])
# The disk refuses before Chroma is asked.
NO_COLLECTIONS = cast("Collections", None)


def full(_handle: int) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_lock_that_cannot_be_made(tmp_path: Path):
    (tmp_path / "file").touch()  # where a folder should be: that stops root too
    with pytest.raises(KnowledgeError, match="exists"), locked(tmp_path / "file" / "lock"):
        pytest.fail("it was taken")


def test_what_fails_under_a_lock_keeps_its_kind(tmp_path: Path):
    with pytest.raises(OSError, match="mine"), locked(tmp_path / "lock"):
        raise OSError("mine")
    with locked(tmp_path / "lock"):
        pass  # and the lock is free again


def test_rows_that_do_not_fit_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KnowledgeError, match="No space left"):
        rowfile.write(tmp_path / "rows", "stamp", ROWS, WORDS)
    assert list(tmp_path.iterdir()) == []


def test_what_was_written_is_read(tmp_path: Path):
    rowfile.write(tmp_path / "rows", "stamp", ROWS, WORDS)
    held = rowfile.read(tmp_path / "rows", "stamp")
    assert held is not None
    assert held.rows.vectors.tolist() == ROWS.vectors.tolist()
    assert held.rows.starts == ROWS.starts
    assert held.words.ask("who are you?", 5).best == (0,)
    assert rowfile.read(tmp_path / "rows", "another stamp") is None


@pytest.mark.parametrize("name", ["about.json", "rows.npy", "words-terms.npy", "words-owners.npy"])
@pytest.mark.parametrize("left", [None, 0, 20, -4])
def test_files_missing_or_cut_short_are_not_read(tmp_path: Path, name: str, left: int | None):
    rowfile.write(tmp_path / "rows", "stamp", ROWS, WORDS)
    file = tmp_path / "rows" / name
    if left is None:
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:left])
    assert rowfile.read(tmp_path / "rows", "stamp") is None


def test_an_index_in_a_folder_that_is_none(tmp_path: Path):
    (tmp_path / "file").touch()
    place = Place(tmp_path / "file", "shop-en-1", "stamp")
    with pytest.raises(KnowledgeError, match="cannot be"):
        load(NO_COLLECTIONS, place, [])
    with pytest.raises(KnowledgeError, match="cannot be"):
        build(NO_COLLECTIONS, place, [], [])


def test_a_mark_that_cannot_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    place = Place(tmp_path, "shop-en-1", "stamp")
    rowfile.write(tmp_path / place.name, place.stamp, ROWS, WORDS)

    def refused(_path: Path) -> NoReturn:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "touch", refused)
    with pytest.raises(KnowledgeError, match="Permission denied"):
        load(NO_COLLECTIONS, place, [ARTICLE])


def test_a_panic_of_chroma_is_an_error_of_ours():
    panic = type("PanicException", (BaseException,), {})
    with pytest.raises(KnowledgeError, match="cannot be read"), mapped_errors("it cannot be read"):
        raise panic("range end index 10 out of range")
    with pytest.raises(KeyboardInterrupt), mapped_errors("it cannot be read"):
        raise KeyboardInterrupt

"""Drops indexes that nobody searches any more."""

import logging
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

from bot.domain.ports import Edition
from knowledge.chroma import Collections
from knowledge.disk import disk_errors
from knowledge.index import lock_of, prefix
from knowledge.locks import locked

log = logging.getLogger("careline.knowledge")

# The live one and the one before it, which another process may not have let go of yet.
KEPT = 2


def drop_old(collections: Collections, folder: Path, live: Edition) -> None:
    """Drop the indexes of versions older than the live one and its predecessor.

    Raises `KnowledgeError`.
    """
    with disk_errors(f"{folder} cannot be tidied"), locked(lock_of(folder)):
        old = [name for name in collections.names() if _is_old(name, live)]
        for name in old:
            # The rows go first: without them the collection counts as not built.
            shutil.rmtree(folder / name, ignore_errors=True)
            collections.drop(name)
        if old:
            _sweep(folder / "chroma")


def _is_old(name: str, live: Edition) -> bool:
    beginning, _, version = name.rpartition("-")
    return (
        beginning.rpartition("-")[0] + "-" == prefix(live.kb)
        and version.isdecimal()
        and int(version) <= live.version - KEPT
    )


def _sweep(folder: Path) -> None:
    """Remove the vectors of dropped collections, which Chroma 1.5 leaves in its folder."""
    try:
        address = (folder / "chroma.sqlite3").absolute().as_uri() + "?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as database:
            used = {str(row[0]) for row in database.execute("SELECT id FROM segments")}
    except sqlite3.Error as exc:
        log.debug("What Chroma left behind stays: %s", exc)  # also where a server keeps it
        return
    for path in folder.iterdir():
        if _is_uuid(path.name) and path.name not in used:
            shutil.rmtree(path, ignore_errors=True)


def _is_uuid(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True

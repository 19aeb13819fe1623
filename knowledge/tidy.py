"""Drops indexes that nobody searches any more."""

import shutil
from pathlib import Path

from bot.domain.ports import Edition
from knowledge.chroma import Collections
from knowledge.index import prefix
from knowledge.locks import locked

# The live one and the one before it, which another process may not have let go of yet.
KEPT = 2


def drop_old(collections: Collections, folder: Path, live: Edition) -> None:
    """Drop the indexes of versions older than the live one and its predecessor."""
    with locked(folder / "build.lock"):
        for name in collections.names():
            if _is_old(name, live):
                # The rows go first: without them the collection counts as not built.
                shutil.rmtree(folder / name, ignore_errors=True)
                collections.drop(name)


def _is_old(name: str, live: Edition) -> bool:
    beginning, _, version = name.rpartition("-")
    return (
        beginning.rpartition("-")[0] + "-" == prefix(live.kb)
        and version.isdecimal()
        and int(version) <= live.version - KEPT
    )

"""Heavy work of commands gives way to whoever answers customers on the same machine."""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from bot.storage import Storage
from knowledge.ahead import ShelfBuiltAhead

_NICE = 10
_THREADS = 4


@contextmanager
def giving_way() -> Iterator[ThreadPoolExecutor]:
    """Threads of a low priority. torch, Chroma and the converter run on, or come from, them."""
    with ThreadPoolExecutor(_THREADS, "heavy", _lower) as threads:
        yield threads


def give_way(threads: ThreadPoolExecutor) -> None:
    """From now on `asyncio.to_thread` works on these threads, and the loop's own gives way too.

    Not before the database is open: one that is started here serves others as well.
    """
    asyncio.get_running_loop().set_default_executor(threads)
    _lower()


def _lower() -> None:
    """Lower the priority of this thread; PostgreSQL's own work for it cannot give way."""
    os.setpriority(os.PRIO_PROCESS, 0, max(_NICE, os.getpriority(os.PRIO_PROCESS, 0)))


def shelf_built_ahead(storage: Storage) -> ShelfBuiltAhead:
    """The shelf that also builds the index of what is published on it."""
    settings = storage.settings
    return ShelfBuiltAhead(storage.shelf, settings.data / "index", settings.knowledge.chroma_url)

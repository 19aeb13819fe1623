"""A lock between processes that the kernel frees when its holder dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.disk import disk_errors


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold `path` alone; waits for whoever holds it. The file stays behind, empty.

    Raises `KnowledgeError` where the lock cannot be taken.
    """
    refused = f"the lock {path} cannot be taken"
    with disk_errors(refused):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("a")
    with handle:
        with disk_errors(refused):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield

"""Turns what the disk refuses (full, not ours, gone) into the error that callers expect."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.domain.errors import KnowledgeError


@contextmanager
def disk_errors(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise KnowledgeError(f"{what}: {exc.strerror or type(exc).__name__}") from exc

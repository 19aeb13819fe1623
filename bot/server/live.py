"""The open streams of one process: how many of one caller's pages are live at once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

MOST_STREAMS = 4
"""Browsers allow six connections to a host, and sending needs one."""


class LivePages:
    """The open streams of each caller; one too many parts the oldest."""

    def __init__(self, most: int = MOST_STREAMS) -> None:
        self._most = most
        self._open: dict[str, list[asyncio.Event]] = {}

    @contextmanager
    def open(self, caller: str) -> Iterator[asyncio.Event]:
        """Counts a stream while it is open; the event says that it should end."""
        parted = asyncio.Event()
        pages = self._open.setdefault(caller, [])
        pages.append(parted)
        for oldest in pages[: -self._most]:
            oldest.set()
        try:
            yield parted
        finally:
            pages.remove(parted)
            if not pages:
                self._open.pop(caller, None)

    def __len__(self) -> int:
        return len(self._open)

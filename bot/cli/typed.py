"""What is typed into the terminal, or piped in: line by line, without holding anything up."""

import asyncio
import os
import threading
from contextlib import suppress

_CHUNK = 65536


class Typed:
    """Lines of a file descriptor.

    A thread reads them, since a file that is redirected cannot be polled; a daemon, since nobody
    can wake it: neither the loop nor the interpreter waits for it. It asks the system itself,
    for Python's own reader holds a lock that the interpreter wants as it ends.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._ended = False
        threading.Thread(target=self._read, name="typed", daemon=True).start()

    async def line(self) -> str | None:
        """The next line without its end; None when there are no more."""
        if self._ended:
            return None
        found = await self._lines.get()
        self._ended = found is None
        return found

    def _read(self) -> None:
        left = b""
        with suppress(RuntimeError):  # the loop has ended, and nobody listens
            while chunk := self._chunk():
                *whole, left = (left + chunk).split(b"\n")
                for line in whole:
                    self._put(_words(line))
            if left:
                self._put(_words(left))
            self._put(None)

    def _chunk(self) -> bytes:
        try:
            return os.read(self._descriptor, _CHUNK)
        except OSError:  # closed, or the terminal is gone
            return b""

    def _put(self, line: str | None) -> None:
        self._loop.call_soon_threadsafe(self._lines.put_nowait, line)


def _words(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r")

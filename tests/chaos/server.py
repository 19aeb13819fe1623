"""The PostgreSQL of a scenario: held open from outside, and restarted when that is wanted."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from bot.store.embedded import EmbeddedPostgres, postmaster
from bot.store.embedded.folder import Folder

How = Literal["fast", "immediate"]
_SIGNALS: dict[How, signal.Signals] = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}
"""What `pg_ctl stop -m` sends: https://www.postgresql.org/docs/current/server-shutdown.html"""
_STOP_S = 20


class Server:
    """One running server."""

    def __init__(self, folder: Path, opened: EmbeddedPostgres) -> None:
        self._folder = folder
        self._opened = opened

    @property
    def url(self) -> str:
        return self._opened.url

    async def restart(self, how: How) -> None:
        """Stop it under its clients' feet, and start it again."""
        await asyncio.to_thread(self._stop, how)
        again = await EmbeddedPostgres.open(self._folder)
        await self._opened.close()  # the newer one keeps it running
        self._opened = again

    async def close(self) -> None:
        await self._opened.close()

    def _stop(self, how: How) -> None:
        folder = Folder(data=self._folder.resolve())
        found = postmaster.find(folder)
        if found is None:
            raise RuntimeError("there is no server to stop")
        found.process.send_signal(_SIGNALS[how])
        deadline = time.monotonic() + _STOP_S
        while postmaster.find(folder) is not None:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the server does not stop ({how})")
            time.sleep(postmaster.POLL_S)


@asynccontextmanager
async def open_server(folder: Path) -> AsyncIterator[Server]:
    """The server of a data folder, started or joined."""
    server = Server(folder, await EmbeddedPostgres.open(folder))
    try:
        yield server
    finally:
        await server.close()

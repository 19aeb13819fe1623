"""One server for all processes of a user that open the same data folder."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import quote

from bot.domain.errors import SettingsError
from bot.store.embedded import binaries, postmaster
from bot.store.embedded.account import Account
from bot.store.embedded.cluster import ROLE, ensure_cluster
from bot.store.embedded.folder import PORT, Folder
from bot.store.embedded.identity import enter, prune


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedPostgres:
    """PostgreSQL under a data folder, shared by every process of one user that opens it."""

    url: str = field(repr=False)
    """Where to connect, as an ordinary role that owns its database."""

    _folder: Folder
    _owner: Path

    @classmethod
    async def open(cls, data: Path) -> Self:
        """Start the server of this folder or join it; a new folder gets a new database.

        Raises:
            SettingsError: the operator must mend the folder or the installation.
        """
        opening = asyncio.get_running_loop().run_in_executor(None, cls._open, data)
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            # A thread cannot be interrupted: let it finish, and give back what it took.
            with suppress(SettingsError):
                await (await opening).close()
            raise

    async def close(self) -> None:
        """Leave the server; the last of its living owners stops it."""
        closing = asyncio.get_running_loop().run_in_executor(None, self._close)
        await asyncio.shield(closing)

    @classmethod
    def _open(cls, data: Path) -> Self:
        folder = Folder(data=data.resolve())
        with folder.faults():
            folder.prepare()
            with folder.locked():
                prune(folder.owners)
                owner = enter(folder.owners)
                try:
                    found = postmaster.running(folder) or _start(folder)
                    url = _url(folder, found.socket)
                except BaseException:
                    owner.unlink(missing_ok=True)
                    raise
            return cls(url=url, _folder=folder, _owner=owner)

    def _close(self) -> None:
        with self._folder.faults(), self._folder.locked():
            self._owner.unlink(missing_ok=True)
            if not prune(self._folder.owners):
                postmaster.stop(self._folder)


def _start(folder: Folder) -> postmaster.Postmaster:
    account = Account.for_server(folder.home)
    folder.make_home(account)
    programs = binaries.choose(folder, account)
    postmaster.clear(folder)
    ensure_cluster(folder, account, programs)
    return postmaster.start(folder, account, programs)


def _url(folder: Folder, socket: Path) -> str:
    password = folder.password.read_text(encoding="utf-8")
    # The port too, or PGPORT in the environment would choose another socket.
    host = quote(str(socket), safe="")
    return f"postgresql://{ROLE}:{password}@/{ROLE}?host={host}&port={PORT}"

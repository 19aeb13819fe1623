"""What the embedded server keeps under the data folder, and who may look at it."""

import fcntl
import hashlib
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import SettingsError
from bot.store.embedded.account import Account, name_of, not_let_in

PORT = 5432
"""Part of the socket's file name; no network port is opened."""

SOCKET_PATH_BYTES = 100
"""The kernel's limit is 104 on macOS and 108 on Linux."""

LOG_BYTES = 5_000_000
"""Above this, the log of the last run is put aside at the next start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The data folder of one installation."""

    data: Path

    @property
    def home(self) -> Path:
        """Belongs to the server's user: the cluster and, where its path is short, the socket."""
        return self.data / "postgres"

    @property
    def cluster(self) -> Path:
        return self.home / "data"

    @property
    def control(self) -> Path:
        """Belongs to us: what the server's user has no business with."""
        return self.data / "postgres-control"

    @property
    def password(self) -> Path:
        return self.control / "password"

    @property
    def server(self) -> Path:
        """Which process the server is."""
        return self.control / "server"

    @property
    def owners(self) -> Path:
        """One file for each process that has the server open."""
        return self.control / "owners"

    @property
    def log(self) -> Path:
        return self.data / "postgres.log"

    def prepare(self) -> None:
        """Make our part of the data folder, and check that it is ours."""
        # As root, the server's user has to pass through to its home.
        make_missing(self.data, 0o711 if os.geteuid() == 0 else 0o700)
        if (found := self.control).exists() and found.stat().st_uid != os.geteuid():
            fault = (
                f"The data folder {self.data} belongs to user {name_of(found.stat().st_uid)}. "
                "Start Careline as that user, or give it another data folder."
            )
            raise SettingsError([fault])
        for mine in (self.control, self.owners):
            make_missing(mine, 0o700)

    def make_home(self, account: Account) -> None:
        account.must_reach(self.data)
        make_private(self.home, account)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from starting, stopping, joining or leaving meanwhile."""
        lock = os.open(self.control / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turn what the system refuses into words for the operator."""
        try:
            yield
        except OSError as exc:
            if isinstance(exc, PermissionError) and (closed := _first_closed_to_us(self.data)):
                fault = not_let_in(closed, name_of(os.geteuid()))
            else:
                fault = (
                    f"The data folder {self.data} cannot be used: {exc.strerror} ({exc.filename}). "
                    "Careline needs a folder that it may write to, on a disk with free space."
                )
            raise SettingsError([fault]) from exc

    def make_password(self) -> None:
        write_private(self.password, secrets.token_hex(24))
        for path in (self.password, self.control):
            sync(path)

    def open_log(self) -> int:
        """A descriptor to append to the log: the server's user could not open it itself."""
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        return os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def make_socket_folder(self, account: Account) -> Path:
        """Where the socket goes: at home, or in a short temporary folder if that is too long."""
        if _fits(self.home):
            return self.home
        name = f"careline-{hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:16]}"
        # The temporary folder of one user may be long or closed to another; /tmp is neither.
        for parent in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - owner is checked
            if _fits(parent / name) and account.first_closed(parent) is None:
                make_private(parent / name, account)
                return parent / name
        raise SettingsError([f"The path {self.data} is too long for PostgreSQL: shorten it."])


def make_missing(folder: Path, mode: int) -> None:
    """Make a folder and those above it; what exists already keeps its mode."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        path.chmod(mode)


def make_private(folder: Path, account: Account) -> None:
    """Make a folder that only `account` may enter, or check that it is one."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {account.uid, os.geteuid()}:
        fault = (
            f"{folder} belongs to user {name_of(found.st_uid)}, or is no folder, but PostgreSQL "
            f"needs it as a folder of user {account.name}. Move it away, then start Careline again."
        )
        raise SettingsError([fault])
    if found.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    if stat.S_IMODE(found.st_mode) != 0o700:  # noqa: PLR2004 - reads best as itself
        folder.chmod(0o700)


def write_private(path: Path, words: str) -> None:
    """Write a file that only we may read; nobody finds it half written."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        stream.write(words)
    new.replace(path)


def sync(path: Path) -> None:
    """Have a file or the names in a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _fits(folder: Path) -> bool:
    # A comma separates hosts in a URL, and folders in PostgreSQL's list of them, as quotes quote.
    path = str(folder / f".s.PGSQL.{PORT}")
    return len(os.fsencode(path)) <= SOCKET_PATH_BYTES and not set(path) & set(',"')


def _first_closed_to_us(folder: Path) -> Path | None:
    for path in (*reversed(folder.parents), folder):
        if not os.access(path, os.X_OK):
            return path if path.exists() else None
    return None

"""The operating system user that PostgreSQL runs as, and what that user can reach."""

import os
import pwd
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bot.domain.errors import SettingsError

SERVER_USERS = ("careline", "postgres", "nobody")
"""Who runs the server when root starts the product: the first of these that exists."""

RUN_S = 180
"""Seconds after which a program of PostgreSQL is taken for stuck."""

ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}
"""Nothing of ours is inherited: our environment holds secrets, and libpq obeys PG* variables."""

_FIRST_CLOSED = 'for d do cd "$d" 2>/dev/null || { printf %s "$d"; exit; }; done'


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of_uid(cls, uid: int) -> Self:
        try:
            entry = pwd.getpwuid(uid)
        except KeyError:
            fault = (
                f"The user id {uid} has no name on this machine, and PostgreSQL does not run "
                "without one. Add it to /etc/passwd, or start Careline as a user that is there."
            )
            raise SettingsError([fault]) from None
        return cls(name=entry.pw_name, uid=uid, gid=entry.pw_gid)

    @classmethod
    def for_server(cls, home: Path) -> Self:
        """Who runs the server that lives in `home`: we ourselves, or a lesser user if we are root.

        A home that exists already keeps the user that it belongs to.
        """
        if os.geteuid() != 0:
            return cls.of_uid(os.geteuid())
        if home.exists() and (owner := home.stat().st_uid) != 0:
            return cls.of_uid(owner)
        for name in SERVER_USERS:
            try:
                return cls.of_uid(pwd.getpwnam(name).pw_uid)
            except KeyError:
                continue
        fault = (
            "Careline was started as root, and PostgreSQL does not run as root. "
            f"Make an ordinary user called {SERVER_USERS[0]}, or start Careline as one."
        )
        raise SettingsError([fault])

    def spawning(self) -> dict[str, Any]:
        """The arguments of `Popen` that every program of PostgreSQL is started with."""
        become = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return {
            "cwd": "/",
            "env": ENVIRONMENT,
            "umask": 0o077,
            # Ctrl-C in our terminal is for us: the server outlives it until we have closed.
            "start_new_session": True,
            **(become if os.geteuid() == 0 else {}),
        }

    def run(
        self, command: Sequence[str | Path], *, words: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, with `words` on its standard input."""
        try:
            return subprocess.run(  # noqa: S603 - our own programs, no outside input
                [str(part) for part in command],
                input=words,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=RUN_S,
                check=False,
                **self.spawning(),
            )
        except subprocess.TimeoutExpired as exc:
            fault = f"{command[0]} took longer than {RUN_S} s. Is the disk in order?"
            raise SettingsError([fault]) from exc

    def first_closed(self, folder: Path) -> Path | None:
        """The first folder on the way to `folder`, itself included, that this user cannot enter.

        The user tries it, so that access lists count as well as modes.
        """
        way = [*reversed(folder.parents), folder]
        closed = self.run(["/bin/sh", "-c", _FIRST_CLOSED, "sh", *way]).stdout
        return Path(closed) if closed else None

    def must_reach(self, folder: Path) -> None:
        """Raise `SettingsError` if this user cannot enter `folder`."""
        if closed := self.first_closed(folder):
            raise SettingsError([not_let_in(closed, self.name)])


def not_let_in(folder: Path, user: str) -> str:
    """The sentence for an operator whose folder keeps the server's user out."""
    found = folder.stat()
    because = " (as root, Careline runs PostgreSQL as that user)" if os.geteuid() == 0 else ""
    return (
        f"The folder {folder} (mode {stat.S_IMODE(found.st_mode):04o}, owner "
        f"{name_of(found.st_uid)}) does not let user {user} in{because}. "
        f"Choose a data folder elsewhere, or let others pass with: chmod o+x {folder}"
    )


def name_of(uid: int) -> str:
    """A user's name, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)

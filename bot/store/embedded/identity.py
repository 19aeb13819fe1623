"""Telling one process from another that was given the same number later."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import psutil

from bot.store.embedded.folder import write_private

CLOCK_S = 2.0
"""How far two readings of a start on the clock may lie apart."""

UPTIME_S = 0.05
"""How far two readings of a start since boot may lie apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A process by its number and its start, on the clock and since boot.

    Linux counts a start since boot, macOS on the clock. Setting the clock, as a small machine
    does some time after boot, therefore moves one of the two, and not the other.
    """

    pid: int
    clock: float
    uptime: float

    @classmethod
    def of(cls, process: psutil.Process) -> Self:
        clock = process.create_time()
        return cls(pid=process.pid, clock=clock, uptime=clock - psutil.boot_time())

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """The identity kept in a file, or none where there is none that can be read."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def write(self, path: Path) -> None:
        write_private(path, json.dumps(asdict(self)))

    def same_as(self, process: psutil.Process) -> bool:
        other = Identity.of(process)
        return self.pid == other.pid and (
            abs(self.clock - other.clock) < CLOCK_S or abs(self.uptime - other.uptime) < UPTIME_S
        )

    def lives(self) -> bool:
        try:
            process = psutil.Process(self.pid)
            return process.status() != psutil.STATUS_ZOMBIE and self.same_as(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False


def enter(owners: Path) -> Path:
    """Register this process as an owner once more; the file is what it leaves with."""
    mine = owners / f"{os.getpid()}-{secrets.token_hex(4)}"
    Identity.of(psutil.Process()).write(mine)
    return mine


def prune(owners: Path) -> bool:
    """Remove the owners that died without leaving; whether any is left."""
    living = False
    for file in owners.iterdir():
        identity = Identity.read(file)
        if identity is not None and identity.lives():
            living = True
        else:
            file.unlink()
    return living

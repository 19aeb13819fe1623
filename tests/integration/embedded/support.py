"""What the tests of the embedded server share: owners here and in other processes."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self, TypeVar

import psutil
import psycopg

from bot.domain.errors import SettingsError
from bot.store.embedded import EmbeddedPostgres

T = TypeVar("T")

ROOT = Path(__file__).parents[3]
PROGRAM = Path(__file__).with_name("owner_program.py")
AS_ROOT = os.geteuid() == 0
PATIENCE_S = 20


OTHER_USERS = ["nobody"] if AS_ROOT else []
"""Users other than ourselves that a test can be: only root can become another."""


class Owner:
    """Another process that has a data folder open.

    As another `user` it takes PostgreSQL from `programs`, where that user can reach it.
    """

    def __init__(self, data: Path, user: str | None = None, programs: Path = ROOT) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - a program of these tests
            [sys.executable, str(PROGRAM), str(data), user or ""],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            cwd="/",
            env={"PYTHONPATH": f"{programs}:{ROOT}"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout
        return dict(json.loads(self.process.stdout.readline()))

    @property
    def fault(self) -> str:
        return "\n".join(self.answer()["faults"])

    @property
    def url(self) -> str:
        return str(self.answer()["url"])

    def close(self) -> None:
        self.process.communicate("\n" if self.process.poll() is None else None, PATIENCE_S)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def opened(data: Path) -> Iterator[EmbeddedPostgres]:
    """This process as an owner."""
    server = asyncio.run(EmbeddedPostgres.open(data))
    try:
        yield server
    finally:
        asyncio.run(server.close())


def fault_of(data: Path) -> str:
    """What the operator is told when the folder cannot be opened."""
    try:
        server = asyncio.run(EmbeddedPostgres.open(data))
    except SettingsError as exc:
        return "\n".join(exc.faults)
    asyncio.run(server.close())
    raise AssertionError(f"{data} could be opened")


def ask(url: str, statement: str) -> Any:
    with psycopg.connect(url) as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


def tell(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


def servers(place: Path) -> list[psutil.Process]:
    """The servers that run anywhere under a folder."""
    found = psutil.process_iter(["cmdline"])
    return [p for p in found if any(str(place) in word for word in p.info["cmdline"] or ())]


def postmaster(data: Path) -> psutil.Process:
    return psutil.Process(int((data / "postgres/data/postmaster.pid").read_text().split()[0]))


def kill_server(data: Path) -> None:
    """As the kernel kills when memory is short: no goodbyes."""
    server = postmaster(data)
    for process in (server, *server.children(recursive=True)):
        process.kill()
    wait_until(lambda: not alive(server))


def alive(process: psutil.Process) -> bool:
    """Not merely waiting to be noticed by init."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def child_called(title: str, server: psutil.Process) -> psutil.Process | None:
    for child in server.children():
        with suppress(psutil.NoSuchProcess):
            if child.cmdline()[0].startswith(title):
                return child
    return None


def wait_until(condition: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + PATIENCE_S
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
    return value

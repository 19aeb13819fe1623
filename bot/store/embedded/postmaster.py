"""The server's process: recognised before it is believed, started, stopped."""

import os
import shlex
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bot.domain.errors import SettingsError
from bot.store.embedded.account import Account
from bot.store.embedded.binaries import Binaries
from bot.store.embedded.cluster import reason
from bot.store.embedded.folder import PORT, Folder
from bot.store.embedded.identity import CLOCK_S, Identity

POLL_S = 0.01
"""Ten times as often as pg_ctl looks: a clean start takes less than its one interval."""

START_S = 300
"""Seconds for a start; replaying the log after a power cut can take minutes."""

STOP_S = 8
"""Seconds for each way of stopping: a container is often given ten to stop in."""

ORPHANS_S = 10
"""Seconds for the children of a killed server to notice, before another may start."""

_ABSENT = [""] * 8
_STILL_ATTACHED = "pre-existing shared memory block"

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "256MB",
    # Our queries are small, and parallel ones want more shared memory than a container has.
    "max_parallel_workers_per_gather": "0",
    "fsync": "on",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_checkpoints": "off",
    # People's words stay out of the log. An error quotes what it was given in its first line, so
    # that errors of sessions are left out altogether: they reach whoever sent the statement.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmaster:
    """The server that runs on a data folder."""

    process: psutil.Process
    socket: Path
    status: str


def find(folder: Folder) -> Postmaster | None:
    """The server that runs on this folder, if it is one and it is ours."""
    try:
        words = (folder.cluster / "postmaster.pid").read_text(encoding="utf-8")
        # The first three lines are there from the beginning, the others as the start proceeds.
        lines = [*words.splitlines(), *_ABSENT][: len(_ABSENT)]
        pid, _, started, _, socket, _, _, status = (line.strip() for line in lines)
        process = psutil.Process(int(pid))
        if not _is_server(folder, process, int(started)):
            return None
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess, psutil.AccessDenied):
        return None
    return Postmaster(process=process, socket=Path(socket), status=status)


def _is_server(folder: Folder, process: psutil.Process, started: int) -> bool:
    # The command line, since root in a container may read that of another user's process and
    # not its working folder. Children of the server show other words there.
    command = process.cmdline()
    if not command or Path(command[0]).name != "postgres" or str(folder.cluster) not in command:
        return False
    known = Identity.read(folder.server)
    if known is not None and known.pid == process.pid:
        return known.same_as(process)
    # Whoever started it was killed before writing it down; PostgreSQL did so itself.
    return process.create_time() <= started + CLOCK_S


def running(folder: Folder) -> Postmaster | None:
    """The server of this folder once it takes connections; none if it must be started."""
    deadline = time.monotonic() + START_S
    while found := find(folder):
        if found.status == "ready":
            if (known := Identity.read(folder.server)) is None or known.pid != found.process.pid:
                Identity.of(found.process).write(folder.server)
            return found
        if time.monotonic() > deadline:
            why = f"it has been {found.status or 'starting'} for {START_S} s."
            raise SettingsError([_fault(folder, why)])
        time.sleep(POLL_S)
    return None


def clear(folder: Folder) -> None:
    """Remove what a server that is gone has left: its number may be anybody's by now."""
    (folder.cluster / "postmaster.pid").unlink(missing_ok=True)
    folder.server.unlink(missing_ok=True)


def start(folder: Folder, account: Account, binaries: Binaries) -> Postmaster:
    """Start the server and wait until it takes connections."""
    deadline = time.monotonic() + ORPHANS_S
    while True:
        words = _launch(folder, account, binaries)
        if found := running(folder):
            return found
        if _STILL_ATTACHED not in words or time.monotonic() > deadline:
            raise SettingsError([_fault(folder, reason(words))])
        time.sleep(10 * POLL_S)


def _launch(folder: Folder, account: Account, binaries: Binaries) -> str:
    """Have pg_ctl start the server; returns what was logged once it is ready or has failed."""
    socket = folder.make_socket_folder(account)
    for left_over in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (socket / left_over).unlink(missing_ok=True)  # the lock names a process, too
    settings = SETTINGS | {"unix_socket_directories": str(socket)}
    # All in one argument that pg_ctl hands to a shell: its own quoting minds no "$".
    options = ["-D", str(folder.cluster)]
    options += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [str(binaries.program("pg_ctl")), "start", "--silent", "--wait", f"-t{START_S}"]
    log = folder.open_log()
    try:
        before = os.fstat(log).st_size
        spawning = account.spawning()
        spawning["env"] = spawning["env"] | {"PGDATA": str(folder.cluster)}
        pg_ctl = subprocess.Popen(  # noqa: S603 - our own program, no outside input
            [*command, "-o", shlex.join(options)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **spawning,
        )
    finally:
        os.close(log)
    with pg_ctl:
        while pg_ctl.poll() is None:
            if (found := find(folder)) and found.status == "ready":
                pg_ctl.kill()  # it only waits for what we have seen
                break
            time.sleep(POLL_S)
    return folder.log.read_bytes()[before:].decode(errors="replace")


def stop(folder: Folder) -> None:
    """Stop the server, if it runs, without waiting for its clients."""
    found = find(folder)
    if found is None:
        return
    # Fast; then as after a power cut, which loses nothing: a fast stop that finds the server
    # recovering from the death of one of its children never ends in PostgreSQL 18.
    for how in (signal.SIGINT, signal.SIGQUIT):
        with suppress(psutil.NoSuchProcess):
            found.process.send_signal(how)
        if _has_ended(found.process):
            break
    folder.server.unlink(missing_ok=True)
    if found.socket != folder.home:
        with suppress(OSError):
            found.socket.rmdir()


def _has_ended(process: psutil.Process) -> bool:
    """Wait for the end itself: it may be long before init notices, which `wait` waits for."""
    deadline = time.monotonic() + STOP_S
    while time.monotonic() < deadline:
        with suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                time.sleep(POLL_S)
                continue
        return True
    return False


def _fault(folder: Folder, why: str) -> str:
    return f"PostgreSQL did not start on {folder.cluster}: {why} Its log is {folder.log}"

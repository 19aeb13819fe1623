"""Processes of the program under test: started, hurt and stopped by their own id."""

import asyncio
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import aiohttp

from tests.support.program import ROOT

READY_S = 60
STOP_S = 30
_LOOK_S = 0.05
_PROBE = aiohttp.ClientTimeout(total=1)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def ingest(data: Path, articles: Sequence[Path], env: Mapping[str, str]) -> None:
    """Take articles in for the line of the shop, as an operator does."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "--data", str(data), "ingest"),
        *(*map(str, articles), "--kb", "shop"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=env,
        cwd=ROOT,
    )
    said, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"the articles were not taken in:\n{said.decode()}")


class Replica:
    """One replica; a killed one is started again on the same port."""

    def __init__(self, arguments: tuple[str, ...], env: Mapping[str, str], log: Path) -> None:
        self.port = free_port()
        self._arguments = arguments
        self._env = {**env, "CARELINE_SERVER__PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it, without waiting."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.chaos.replica",
                *self._arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._env,
                cwd=ROOT,
                start_new_session=True,
            )

    async def ready(self) -> None:
        """Wait until its door is open."""
        deadline = time.monotonic() + READY_S
        async with aiohttp.ClientSession(timeout=_PROBE) as http:
            while time.monotonic() < deadline:
                self._must_run()
                with suppress(aiohttp.ClientError, TimeoutError):
                    async with http.get(f"{self.base}/readyz") as response:
                        if response.status == 200:
                            return
                await asyncio.sleep(_LOOK_S)
        raise RuntimeError(f"a replica is not ready in {READY_S} s:\n{self._said()}")

    def send(self, number: signal.Signals) -> None:
        """Send a signal to this process alone."""
        self._running().send_signal(number)

    async def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        process = self._running()
        process.kill()
        await process.wait()

    async def stop(self) -> None:
        """Ask it to stop; one that does not is killed."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                await process.wait()
        except TimeoutError:
            await self.kill()

    def _said(self) -> str:
        """The end of its log."""
        return self._log.read_text(errors="replace")[-3000:]

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("the replica has not been started")
        return self._process

    def _must_run(self) -> None:
        if self._running().returncode is not None:
            raise RuntimeError(f"a replica ended by itself:\n{self._said()}")

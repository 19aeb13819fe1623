"""The whole program, run as a user runs it: its own process, its own data folder."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

READY_S = 400
STOP_S = 30
ROOT = Path(__file__).parents[2]


class Program:
    """One `careline` process. `base` is its address once it is ready, `link` the sign-in link."""

    def __init__(
        self,
        data: Path,
        *command: str,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
        module: Sequence[str] = ("bot",),
    ) -> None:
        self.data = data
        self._module = module
        self.log = log or data.parent / f"{data.name}-program.log"
        self._command = command or ("serve",)
        self._env = dict(env or {})
        self._process: subprocess.Popen[bytes] | None = None
        self.base = ""
        self.link = ""

    def start(self, *, wait: bool = True) -> "Program":
        """Start it on a free port, and wait until it says that it is ready."""
        began = self.log.stat().st_size if self.log.exists() else 0
        # The system picks the port: nobody else can take it in between.
        env = {"CARELINE_SERVER__PORT": "0", **_plain_environment(), **self._env}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  our own program
                [sys.executable, "-m", *self._module, "--data", str(self.data), *self._command],
                stdout=log,
                stderr=log,
                env=env | {"PYTHONUNBUFFERED": "1"},
                cwd=ROOT,
                start_new_session=True,
            )
        return self.await_ready(began) if wait else self

    def await_ready(self, began: int = 0) -> "Program":
        """Wait until it says that it is ready, in what it has said since `began`."""
        try:
            self._wait(began)
        except AssertionError:
            self.end()  # nobody else would
            raise
        return self

    def _wait(self, began: int) -> None:
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline:
            said = self.said(began)
            if "Stop with Ctrl-C." in said or "Careline works." in said:
                if found := re.search(r"(http\S+)/chat", said):
                    self.base = found[1]
                if found := re.search(r"http\S+login\?token=\S+", said):
                    self.link = found[0]
                return
            if self._process is None or self._process.poll() is not None:
                raise AssertionError(f"the program ended: {said}")
            time.sleep(0.05)
        raise AssertionError(f"not ready in {READY_S} s: {self.said(began)}")

    def said(self, since: int = 0) -> str:
        """What it has printed and logged."""
        return self.log.read_bytes()[since:].decode(errors="replace")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """Send SIGKILL to the program and its children."""
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(self.pid, signal.SIGKILL)
        assert self._process is not None
        self._process.wait(STOP_S)

    def stop(self) -> int:
        """Ask it to stop, as Ctrl-C does; its exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"did not stop: {self.said()[-2000:]}") from None

    def end(self) -> None:
        """Stop it in a hurry, whatever state it is in."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def command(
        self, *arguments: str, stdin: str | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run another command on the same data, as an operator would beside it."""
        return subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-m", "bot", "--data", str(self.data), *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=READY_S,
            env=_plain_environment() | self._env,
            cwd=ROOT,
            check=False,
        )

    def ready(self) -> httpx.Response:
        return httpx.get(f"{self.base}/readyz", timeout=10)


def _plain_environment() -> dict[str, str]:
    inherited = os.environ.items()  # noqa: TID251  a child inherits what is not a setting
    return {k: v for k, v in inherited if not k.startswith(("CARELINE_", "TEAMS_"))}


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A folder that the embedded database's own user can enter, which pytest's is not."""
    folder = Path(tempfile.mkdtemp(prefix="careline-acceptance-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)

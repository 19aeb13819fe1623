"""Asks the converting process, starts it again when a file has killed it, and cleans up."""

import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from pydantic import TypeAdapter, ValidationError

from knowledge.conversion.shapes import Converted, Kind, Refusal, Unreadable, Wanted

SECONDS = 300.0
_ROOT = Path(__file__).parents[2]
_WANTED = TypeAdapter(Wanted)
_ANSWER: TypeAdapter[Converted | Refusal] = TypeAdapter(Converted | Refusal)


class Converter:
    """Converts one file after another in a child process; started when the first one comes.

    Blocking. `seconds` is what one file may take.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Converter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def convert(self, path: Path, kind: Kind, name: str, url: str | None = None) -> Converted:
        """Raises `Unreadable` with what to do; the next file is not harmed by this one."""
        wanted = Wanted(path=path.absolute(), kind=kind, name=name, url=url)
        try:
            line = self._asked(_WANTED.dump_json(wanted))
            found = _ANSWER.validate_json(line)
        except (BrokenPipeError, ValidationError):
            self._end()
            raise Unreadable(
                "the converter died of it, or took too long: split it, or save it anew"
            ) from None
        if isinstance(found, Refusal):
            raise Unreadable(found.why)
        return found

    def _asked(self, request: bytes) -> bytes:
        """The line answered; nothing where there was none in time."""
        process = self._process = self._process or _started()
        assert process.stdin is not None  # noqa: S101  it was asked for
        assert process.stdout is not None  # noqa: S101  likewise
        process.stdin.write(request + b"\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], self._seconds)
        return process.stdout.readline() if ready else b""

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()  # it holds nothing that matters
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.wait()


def _started() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "knowledge.conversion.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
    )

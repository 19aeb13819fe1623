"""Starts an ingest beside a running program: tells how far it is, and outlives its crash."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from bot.domain.knowledge import IngestReport

_LONGEST_LINE = 1_000_000
_PATIENCE_S = 10
_REPORTED = {field.name for field in fields(IngestReport)} - {"skipped"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """So many files and pages have been read."""

    done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """So many texts have been encoded, of how many."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A document that was left out, and why."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The last step of one that went well."""

    report: IngestReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The last step of one that changed nothing."""

    why: str


Step: TypeAlias = Reading | Encoding | Skipped | Live | Failed


async def ingest_beside(
    options: Sequence[str], sources: Sequence[str], kb: str
) -> AsyncGenerator[Step]:
    """Run `careline ingest` in a child process; the last step is `Live` or `Failed`.

    `options` are the global ones, so that the child finds the same settings and data. Closing
    the iterator stops the child; killed at any moment, it has changed nothing or all.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *options, "ingest", "--json", "--kb", kb, "--", *sources),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        limit=_LONGEST_LINE,
    )
    said, live = "", False
    try:
        assert process.stdout is not None  # noqa: S101  it was asked for
        async for line in process.stdout:
            step = _step(line)
            if step is None:
                said = line.decode(errors="replace").strip() or said
                continue
            live = live or isinstance(step, Live)
            yield step
        code = await process.wait()
        if not live:
            yield Failed(why=_reason(code, said))
    finally:
        await _end(process)


def _step(line: bytes) -> Step | None:
    """None for what is no step: the words of an error, most of all."""
    try:
        told: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    match told:
        case {"step": "reading", "done": int(done)}:
            return Reading(done=done)
        case {"step": "encoding", "done": int(done), "total": int(total)}:
            return Encoding(done=done, total=total)
        case {"step": "skipped", "why": str(why)}:
            return Skipped(why=why)
        case {"step": "live"}:
            return Live(report=IngestReport(**{name: told[name] for name in _REPORTED}))
        case _:
            return None


def _reason(code: int, said: str) -> str:
    if code < 0:
        return f"the ingest was killed (signal {-code}): start it again"
    if code == 1:
        return "there is nothing in these sources that can be taken in"
    return said.removeprefix("careline: ") or f"the ingest ended with code {code}"


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()

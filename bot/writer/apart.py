"""The writer in a process of its own: what its clients cost holds up nobody else's answer."""

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from bot.domain.errors import ConnectorError, SettingsError
from bot.domain.writing import Brief, Sentence, Usage
from bot.writer import wire
from bot.writer.config import WriterConfig
from bot.writer.opening import missing_packages
from bot.writer.prompt import Asked, prompt, tokens_of

log = logging.getLogger("careline.writer")

CHILD = (sys.executable, "-m", "bot.writer.child")
_ROOT = Path(__file__).parents[2]
_AGAIN_S, _LATEST_S = 1.0, 30.0
"""How long until a child that has ended is started again; twice as long each time it fails."""
_SILENT = 3
"""Stopped turns in a row without a last word: then the child hangs, and another takes its place."""
_LAST_WORD_S = 0.5
_GOODBYE_S = 2.0


@dataclass(frozen=True, slots=True)
class _Ended:
    """The last that is heard of a turn; `usage` is None where nobody could tell it."""

    failed: str
    usage: Usage | None


_Told: TypeAlias = Sentence | _Ended


class ApartWriter:
    """A `Writer` whose model is called from a child process, one for all turns.

    The child is started again when it has ended; what it was writing has failed then. `told` is
    called with whether there is one.
    """

    def __init__(
        self,
        config: WriterConfig,
        *,
        command: Sequence[str] = CHILD,
        told: Callable[[bool], None] = lambda _there: None,
    ) -> None:
        self._config = config
        self._command = command
        self._tell_of = told
        self._stdin: asyncio.StreamWriter | None = None
        self._turns: dict[int, asyncio.Queue[_Told]] = {}
        self._last = 0
        self._silent = 0
        self._process: Process | None = None
        self._first: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def ready(self) -> None:
        """Wait for the first child. Raises `SettingsError` when it will not have the settings."""
        await asyncio.shield(self._first)

    async def write(self, brief: Brief, spend: Callable[[Usage], None]) -> AsyncIterator[Sentence]:
        asked = prompt(brief, self._config.tokens_in)
        turn, told = self._begun(asked)
        ended, said = None, 0
        try:
            while not isinstance(one := await told.get(), _Ended):
                said += tokens_of(one.text)
                yield one
            ended = one
        finally:
            try:
                if ended is None:  # whoever listened has gone: what did it cost so far?
                    ended = await self._stopped(turn, told)
            finally:
                self._turns.pop(turn, None)
                known = None if ended is None else ended.usage
                spend(known or self._config.usage(asked.tokens, said))
        if ended.failed:
            raise ConnectorError("the model's provider failed", kind=ended.failed)

    def _begun(self, asked: Asked) -> tuple[int, "asyncio.Queue[_Told]"]:
        self._last += 1
        if not self._say(wire.asked_line(self._last, asked)):
            raise ConnectorError("the writer's process is being started again")
        told: asyncio.Queue[_Told] = asyncio.Queue()
        self._turns[self._last] = told
        return self._last, told

    def _say(self, line: bytes) -> bool:
        """Tell the child; False where there is none to be told."""
        if self._stdin is None or self._stdin.is_closing():
            return False
        with suppress(RuntimeError, OSError):  # it has just ended, and we have not heard of it
            self._stdin.write(line)
            return True
        return False

    async def _stopped(self, turn: int, told: "asyncio.Queue[_Told]") -> _Ended:
        self._say(wire.line(turn=turn, stop=True))
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORD_S):
                while not isinstance(one := await told.get(), _Ended):
                    pass
                self._silent = 0
                return one
        self._silent += 1
        if self._silent >= _SILENT and self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
        return _Ended("TimeoutError", None)

    async def live(self) -> None:
        """Keep a child alive until cancelled."""
        pause = _AGAIN_S
        while True:
            self._silent, was_there = 0, False
            try:
                was_there = await self._one_life()
            except Exception as exc:  # noqa: BLE001  whatever ended it, another one is started
                log.warning("writer_failed", extra={"error": type(exc).__name__})
            pause = _AGAIN_S if was_there else min(2 * pause, _LATEST_S)
            await asyncio.sleep(pause)

    async def _one_life(self) -> bool:
        """Start a child and follow it to its end; whether it was ever ready."""
        process = None
        try:
            process = self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                limit=wire.LONGEST_LINE,
                cwd=_ROOT,
                env=_environment(),
            )
            await self._follow(process)
        finally:
            was_there = self._stdin is not None
            self._process = None
            self._gone()
            if process is not None:
                await _end(process)
        log.warning("writer_ended", extra={"status": process.returncode})
        return was_there

    async def _follow(self, process: Process) -> None:
        assert process.stdin is not None  # noqa: S101  both were asked for
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(wire.config_line(self._config))
        with suppress(ValueError):  # a line that is none: the child cannot be followed any more
            async for line in process.stdout:
                self._hear(json.loads(line), process.stdin)

    def _hear(self, told: dict[str, Any], stdin: asyncio.StreamWriter) -> None:
        match told:
            case {"turn": int(turn), "text": _}:
                if queue := self._turns.get(turn):
                    queue.put_nowait(wire.sentence_of(told))
            case {"turn": int(turn), "failed": str(failed), "usage": dict(usage)}:
                if queue := self._turns.get(turn):
                    queue.put_nowait(_Ended(failed, Usage(**usage)))
            case {"ready": True}:
                self._stdin = stdin
                self._tell_of(True)  # noqa: FBT003  there is one
                self._settle(None)
            case {"faults": list(faults)}:
                self._settle(SettingsError(faults))

    def _gone(self) -> None:
        self._stdin = None
        self._tell_of(False)  # noqa: FBT003  there is none
        for queue in self._turns.values():
            queue.put_nowait(_Ended("ChildProcessError", None))
        why = "writer: its process ended as it started; `careline check` says more"
        self._settle(SettingsError([why]))

    def _settle(self, fault: SettingsError | None) -> None:
        if self._first.done():
            return
        if fault is None:
            self._first.set_result(None)
        else:
            self._first.set_exception(fault)
            self._first.exception()  # whether anybody waits for it or not


def _environment() -> dict[str, str]:
    """Ours without our own settings: no key ring and no database for who talks to the network."""
    everything = os.environ  # noqa: TID251  to leave ours out
    return {name: value for name, value in everything.items() if not name.startswith("CARELINE_")}


async def _end(process: Process) -> None:
    """Let a child end by itself: its input has ended."""
    assert process.stdin is not None  # noqa: S101  it was asked for
    process.stdin.close()
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await process.wait()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()


@asynccontextmanager
async def writing_apart(
    config: WriterConfig | None, told: Callable[[bool], None] = lambda _there: None
) -> AsyncIterator[ApartWriter | None]:
    """The writer with its process, which is starting; None without a configuration.

    Raises `SettingsError` where packages are missing.
    """
    if config is None:
        yield None
        return
    if faults := missing_packages(config):
        raise SettingsError(faults)
    writer = ApartWriter(config, told=told)
    living = asyncio.get_running_loop().create_task(writer.live())
    try:
        yield writer
    finally:
        living.cancel()
        await asyncio.wait({living})

"""The process that a writer's model is called from: `python -m bot.writer.child`.

It is started by `bot.writer.apart`, is told its settings and its turns on standard input, and
ends when that does: with whoever started it, however that ended.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import uvloop

from bot.domain.errors import ConnectorError, SettingsError
from bot.domain.writing import Usage
from bot.writer import wire
from bot.writer.opening import open_writer

if TYPE_CHECKING:
    from bot.writer.writer import LangchainWriter

Tell: TypeAlias = Callable[[bytes], None]
_NICE = 10
"""Whoever answers customers without a model goes first."""
_LONGEST_ASKED = 64 * 1024 * 1024


class _Turns:
    """The answers under way, each a task of the group."""

    def __init__(self, group: asyncio.TaskGroup, writer: "LangchainWriter", tell: Tell) -> None:
        self._group = group
        self._writer = writer
        self._tell = tell
        self._under_way: dict[int, asyncio.Task[None]] = {}

    def hear(self, told: dict[str, Any]) -> None:
        """Begin a turn, or stop one."""
        turn = told["turn"]
        if "stop" in told:
            if task := self._under_way.get(turn):
                task.cancel()
            return
        last = _LastWord()
        task = self._group.create_task(self._answer(turn, told, last))
        self._under_way[turn] = task
        task.add_done_callback(lambda _: self._over(turn, last))

    async def _answer(self, turn: int, told: dict[str, Any], last: "_LastWord") -> None:
        try:
            async with aclosing(self._writer.answer(wire.asked_of(told), last.spend)) as answer:
                async for sentence in answer:
                    self._tell(wire.sentence_line(turn, sentence))
            last.failed = ""
        except ConnectorError as exc:
            last.failed = type(exc.__cause__ or exc).__name__

    def _over(self, turn: int, last: "_LastWord") -> None:
        """Say so, also of a turn that was stopped in the moment it was begun."""
        del self._under_way[turn]
        self._tell(wire.ended_line(turn, last.used, last.failed))


@dataclass(slots=True)
class _LastWord:
    """How a turn has ended; stopped, unless it says otherwise."""

    used: Usage = field(default_factory=Usage)
    failed: str = "CancelledError"

    def spend(self, usage: Usage) -> None:
        self.used = usage


async def serve(tell: Tell) -> None:
    """Answer until standard input ends; the first line is the configuration."""
    heard = asyncio.StreamReader(limit=_LONGEST_ASKED)
    running = asyncio.get_running_loop()
    await running.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(heard), sys.stdin)
    try:
        writer = open_writer(wire.config_of(await heard.readline()))
    except SettingsError as exc:
        tell(wire.line(faults=exc.faults))
        return
    assert writer is not None  # noqa: S101  it was given a configuration
    tell(wire.line(ready=True))
    async with asyncio.TaskGroup() as group:
        turns = _Turns(group, writer, tell)
        async for line in heard:
            turns.hear(json.loads(line))
        os._exit(0)  # nobody is there to hear the rest


def _teller() -> Tell:
    """Writes whole lines to what was standard output; what libraries print there goes nowhere."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def tell(line: bytes) -> None:
        out.write(line)
        out.flush()

    return tell


def main() -> None:
    # Whoever started us ends us, once its own work is done.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.nice(_NICE)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(_teller()))


if __name__ == "__main__":
    main()

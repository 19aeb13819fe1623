"""What every command shares: settings, logs, and errors told in words."""

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import typer
import uvloop

from bot.domain.errors import CarelineError, SettingsError, Unavailable
from bot.settings import Settings, load
from bot.telemetry.logs import set_up_logs

T = TypeVar("T")
log = logging.getLogger("careline")
FAULT = 2
"""The exit code for what the operator must mend."""
_SIGNALLED = 128  # as shells report a program that a signal ended


def settings_of(context: typer.Context) -> Settings:
    """The settings a command runs with; every fault is named and ends the command."""
    config, data = context.obj
    try:
        settings = load(config, data)
    except SettingsError as exc:
        fail(exc)
    set_up_logs(settings.log.level)
    return settings


def run(work: Callable[[], Awaitable[T]]) -> T:
    """Run a command's coroutine; an error of ours is a sentence, not a trace.

    A signal cancels it, so that everything is closed: the embedded database would outlive us.
    """
    stop, code = Stop(), 0
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_stoppable(work, stop))
    except* CarelineError as group:
        tell(group)
        code = FAULT
    except* (asyncio.CancelledError, KeyboardInterrupt):
        code = _SIGNALLED + signal.SIGINT
    except* Exception as group:
        log.exception("unexpected")
        names = ", ".join(sorted({type(exc).__name__ for exc in _leaves(group)}))
        typer.echo(f"careline: a fault of ours ({names}); the log line above says where", err=True)
        code = 70
    sys.exit(_SIGNALLED + stop.number if stop.number else code)


class Stop:
    """The first signal that told a command to stop."""

    def __init__(self) -> None:
        self.number: int | None = None

    def on(self, number: int, task: "asyncio.Task[object]") -> None:
        self.number = self.number or number
        task.cancel()

    def hang_up(self) -> None:
        """The terminal is gone: stop as SIGTERM would, which a server does gracefully."""
        self.number = self.number or signal.SIGHUP
        signal.raise_signal(signal.SIGTERM)


async def _stoppable(work: Callable[[], Awaitable[T]], stop: Stop) -> T:
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None  # noqa: S101  a coroutine runs in a task
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.on, number, task)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup leaves it
        loop.add_signal_handler(signal.SIGHUP, stop.hang_up)
    return await work()


def fail(error: BaseException, *, code: int = FAULT) -> NoReturn:
    """Tell the operator what is wrong and stop."""
    tell(error)
    sys.exit(code)


def tell(error: BaseException) -> None:
    for line in sentences(error):
        typer.echo(f"careline: {line}", err=True)


def sentences(error: BaseException) -> list[str]:
    """An error in sentences that say what to do."""
    if isinstance(error, BaseExceptionGroup):
        return [line for leaf in _leaves(error) for line in sentences(leaf)]
    if isinstance(error, SettingsError):
        return list(error.faults)
    if isinstance(error, Unavailable):
        return ["the database cannot be reached: is it running, and is database.url right?"]
    return [str(error) or type(error).__name__]


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]


def existing(path: Path) -> Path:
    """A path given on the command line that must be there."""
    if not path.exists():
        fail(SettingsError([f"{path}: no such file or folder"]))
    return path

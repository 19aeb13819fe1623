"""What every command shares: settings, logs, and errors told in words."""

import asyncio
import logging
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
    """Run a command's coroutine; an error of ours is a sentence, not a trace."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_whole(work))
    except* CarelineError as group:
        fail(group)
    except* KeyboardInterrupt:
        raise SystemExit(130) from None
    except* Exception as group:
        log.exception("unexpected")
        names = ", ".join(sorted({type(exc).__name__ for exc in _leaves(group)}))
        typer.echo(f"careline: a fault of ours ({names}); the log line above says where", err=True)
        sys.exit(70)


async def _whole(work: Callable[[], Awaitable[T]]) -> T:
    return await work()


def fail(error: BaseException, *, code: int = 2) -> NoReturn:
    """Tell the operator what is wrong and stop."""
    for line in _lines(error):
        typer.echo(f"careline: {line}", err=True)
    sys.exit(code)


def _lines(error: BaseException) -> list[str]:
    if isinstance(error, BaseExceptionGroup):
        return [line for leaf in _leaves(error) for line in _lines(leaf)]
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

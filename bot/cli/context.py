"""What every command shares: settings, logs, and errors told in words."""

import asyncio
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


async def _whole(work: Callable[[], Awaitable[T]]) -> T:
    return await work()


def fail(error: BaseException, *, code: int = 2) -> NoReturn:
    """Tell the operator what is wrong and stop."""
    for line in _lines(error):
        typer.echo(f"careline: {line}", err=True)
    sys.exit(code)


def _lines(error: BaseException) -> list[str]:
    if isinstance(error, BaseExceptionGroup):
        return [line for inner in error.exceptions for line in _lines(inner)]
    if isinstance(error, SettingsError):
        return list(error.faults)
    if isinstance(error, Unavailable):
        return ["the database cannot be reached: is it running, and is database.url right?"]
    return [str(error) or type(error).__name__]


def existing(path: Path) -> Path:
    """A path given on the command line that must be there."""
    if not path.exists():
        fail(SettingsError([f"{path}: no such file or folder"]))
    return path

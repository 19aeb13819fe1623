"""How long work tells what it does: a bar for people, lines of JSON for programs."""

import json
import sys
from typing import Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from typing_extensions import override


class Teller(Protocol):
    """Hears how far the work is."""

    def reading(self, done: int) -> None:
        """So many files and pages have been read."""

    def encoding(self, done: int, total: int) -> None:
        """So many texts have been encoded, of how many."""

    def comparing(self, done: int, total: int) -> None:
        """So many phrasings have been held against all others, of how many."""

    def close(self) -> None:
        """Nothing more will be told."""


def teller(*, as_json: bool) -> Teller:
    return _Lines() if as_json else _Bar()


class _Bar(Teller):
    def __init__(self) -> None:
        self._shown = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._shown.add_task("reading", total=None)
        self._shown.start()

    @override
    def reading(self, done: int) -> None:
        self._shown.update(self._task, completed=done)

    @override
    def encoding(self, done: int, total: int) -> None:
        self._shown.update(self._task, description="encoding", completed=done, total=total)

    @override
    def comparing(self, done: int, total: int) -> None:
        self._shown.update(self._task, description="comparing", completed=done, total=total)

    @override
    def close(self) -> None:
        self._shown.stop()


class _Lines(Teller):
    @override
    def reading(self, done: int) -> None:
        tell("reading", done=done)

    @override
    def encoding(self, done: int, total: int) -> None:
        tell("encoding", done=done, total=total)

    @override
    def comparing(self, done: int, total: int) -> None:
        tell("comparing", done=done, total=total)

    @override
    def close(self) -> None:
        sys.stdout.flush()


def tell(step: str, **said: object) -> None:
    """One line of JSON: a step, and what there is to say about it."""
    typer.echo(json.dumps({"step": step, **said}, ensure_ascii=False))
    sys.stdout.flush()

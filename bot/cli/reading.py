"""`careline read`: what is read out of messages, one object a line."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Annotated, BinaryIO, TypeAlias

import typer
import uvloop

from bot.cli.context import fail, run, settings_of
from bot.cli.first_run import ensure_encoder
from bot.domain.errors import SettingsError
from bot.domain.reading import Reading
from bot.main import encoder_folder
from bot.settings import Settings, lines_of
from knowledge.encoder import Encoder
from knowledge.readings import EncoderReader

ReadOne: TypeAlias = Callable[[str], Reading]
Show: TypeAlias = Callable[[str, Reading], str]
LEFT_OUT = 1
"""The exit code where some lines are no messages, or none is."""
LONGEST = 1_000_000
"""Bytes of a line that are taken for a message."""
_SHOWN = 0.5
_DIGITS = 3
_WIDTH = 60
_NAMES = tuple(field.name for field in fields(Reading) if field.name not in ("vector", "language"))


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(help="Show what is read out of messages: wishes, topics, feelings, language.")(read)


def read(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="One message a line; - for standard input.")] = "-",
    line: Annotated[str | None, typer.Option(help="Read as this line does.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    settings = settings_of(context)
    feelings = {one.name: one.feelings for one in lines_of(settings)}
    if line is not None and line not in feelings:
        fail(SettingsError([f"--line: there is no line {line}"]))
    felt = line is None or feelings[line]
    with _opened(file) as messages, ThreadPoolExecutor(1, "encoder") as thread:
        reader = _reader(settings, thread)
        # One step of the loop a message: a loop that waits for input would not hear a signal.
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:

            def read_one(text: str) -> Reading:
                return runner.run(reader.read(text, feelings=felt))

            whole = _all(messages, read_one, _told if as_json else _shown)
    if not whole:
        sys.exit(LEFT_OUT)


def _opened(file: str) -> BinaryIO:
    if file == "-":
        return sys.stdin.buffer
    try:
        return Path(file).open("rb")
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        fail(SettingsError([f"{file}: cannot be read: {reason}; give a text file, or - for stdin"]))


def _reader(settings: Settings, thread: Executor) -> EncoderReader:
    async def opened() -> EncoderReader:
        await ensure_encoder(settings)
        encoder = Encoder.open(encoder_folder(settings), threads=settings.knowledge.threads)
        return EncoderReader.multilingual(encoder, thread)

    return run(opened)


def _all(messages: BinaryIO, read_one: ReadOne, shown: Show) -> bool:
    """Read and show every message as it comes; False where a line, or everything, is missing."""
    read, left_out = 0, 0
    for number, text in _lines(messages):
        if isinstance(text, _Wrong):
            typer.echo(f"careline: line {number}: {text}", err=True)
            left_out += 1
            continue
        typer.echo(shown(text, read_one(text)))
        sys.stdout.flush()
        read += 1
    if not read and not left_out:
        typer.echo("careline: nothing to read: give one message a line", err=True)
    return bool(read) and not left_out


class _Wrong(str):
    """Why a line is left out."""

    __slots__ = ()


def _lines(messages: BinaryIO) -> Iterator[tuple[int, str]]:
    """Every line with words in it, as it comes; a line that is no message says why."""
    number = 0
    while raw := messages.readline(LONGEST + 1):
        number += 1
        if len(raw) > LONGEST and not raw.endswith(b"\n"):
            while (rest := messages.readline(LONGEST)) and not rest.endswith(b"\n"):
                pass
            yield number, _Wrong(f"longer than {LONGEST:,} bytes; left out")
            continue
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError:
            yield number, _Wrong("not UTF-8; left out: convert the file first")
            continue
        if text:
            yield number, text


def _told(text: str, reading: Reading) -> str:
    signals = {name: round(getattr(reading, name), _DIGITS) for name in _NAMES}
    told = {"text": text, **signals, "language": reading.language}
    return json.dumps(told, ensure_ascii=False)


def _shown(text: str, reading: Reading) -> str:
    """The text's beginning, its language, the sentiment, and the signals that count."""
    found = [
        f"{name} {value:.2f}"
        for name in _NAMES
        if name != "sentiment" and (value := getattr(reading, name)) >= _SHOWN
    ]
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    words = clean if len(clean) <= _WIDTH else f"{clean[: _WIDTH - 1]}…"
    signals = ", ".join(found) or "-"
    return f"{words:<{_WIDTH}}  {reading.language or '?':<3} {reading.sentiment:+.2f}  {signals}"

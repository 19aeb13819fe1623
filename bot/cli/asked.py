"""`careline ask`: what the bot would make of a message, and why."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Annotated

import typer

from bot.cli.context import fail, run, settings_of
from bot.cli.first_run import prepare
from bot.core.asking import Asked, Asking, Where
from bot.core.courtesy import Courtesy, courtesy
from bot.core.handlers.answering import RETURNED
from bot.core.words import say
from bot.domain.errors import SettingsError
from bot.main import open_library
from bot.settings import Settings
from bot.storage import Storage, open_storage


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What was made of a message: a courtesy, or one or several questions."""

    kb: str
    question: str
    took_ms: float
    courtesy: Courtesy | None
    language: str | None
    asked: tuple[Asked, ...]

    def main(self) -> Asked:
        """The part that stands for the whole: the first that is answered."""
        answered = (one for one in self.asked if one.found.decision == "answer")
        return next(answered, self.asked[0])


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(help="Ask the library and see what it decides, and why.")(ask)


def ask(
    context: typer.Context,
    question: str,
    line: Annotated[str | None, typer.Option(help="The line that is asked.")] = None,
    kb: Annotated[str | None, typer.Option(help="The knowledge base, instead of a line's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    settings = settings_of(context)
    name = line or settings.chat.line or next(iter(settings.lines))
    if name not in settings.lines:
        fail(SettingsError([f"--line: there is no line {name}"]))
    where = Where(kb) if kb else Where(settings.lines[name].kb, name)
    seen = run(partial(_ask, settings, where, question, settings.lines[name].language))
    if as_json:
        typer.echo(json.dumps(_told(seen), ensure_ascii=False))
    else:
        _show(seen)


async def _ask(settings: Settings, where: Where, question: str, usual: str) -> _Seen:
    async with open_storage(settings) as storage:
        await prepare(storage)
        return await _consult(storage, where, question, usual)


async def _consult(storage: Storage, where: Where, question: str, usual: str) -> _Seen:
    async with open_library(storage) as (library, reader):
        warm = await reader.read("warm")  # time the second call
        await library.consult(where.kb, "warm", warm)
        began = perf_counter()
        reading = await reader.read(question)
        kind = courtesy(question)
        theirs = replace(reading, language=reading.language or usual)
        asked = await Asking(library, reader).ask(where, question, theirs, usual=usual)
        return _Seen(
            kb=where.kb,
            question=question,
            took_ms=(perf_counter() - began) * 1000,
            courtesy=kind,
            language=reading.language,
            asked=asked,
        )


def _told(seen: _Seen) -> dict[str, object]:
    several = seen.asked if len(seen.asked) > 1 else ()
    whole = {
        "kb": seen.kb,
        "version": seen.main().found.version,
        **_part(seen.main()),
        "question": seen.question,
        "read_as": seen.main().text,
        "language": seen.language,
        "parts": [_part(one) for one in several],
        "timing_ms": round(seen.took_ms, 2),
    }
    if seen.courtesy is None:
        return whole
    said = say(RETURNED[seen.courtesy], "en")
    return whole | {"decision": "courtesy", "answer": said, "article": None, "source": None}


def _part(asked: Asked) -> dict[str, object]:
    found = asked.found
    best = found.passages[0] if found.passages else None
    answered = found.decision == "answer" and best is not None
    return {
        "question": asked.text,
        "how": asked.how,
        "decision": found.decision,
        "article": best.article if best and found.decision != "unknown" else None,
        "answer": best.text if best and answered else None,
        "source": {"title": best.question, "url": best.url} if best and answered else None,
        "score": round(best.score, 4) if best else None,
        "confidence": round(found.confidence, 4),
        "candidates": [
            {"article": p.article, "question": p.question, "score": round(p.score, 4)}
            for p in found.passages
        ],
    }


def _show(seen: _Seen) -> None:
    language = f"   language {seen.language}" if seen.language else ""
    if seen.courtesy is not None:
        typer.echo(f"decision: courtesy{language}   {seen.took_ms:.1f} ms\n")
        typer.echo(say(RETURNED[seen.courtesy], "en"))
        return
    typer.echo(f"{_summary(seen.asked)}{language}   {seen.took_ms:.1f} ms")
    for place, one in enumerate(seen.asked, start=1):
        if len(seen.asked) > 1:
            typer.echo(f"\n{place}. {one.text}")
        elif one.text != seen.question:
            typer.echo(f"read as:  {one.text}")
        _show_part(one)


def _summary(asked: Sequence[Asked]) -> str:
    if len(asked) > 1:
        return f"{len(asked)} questions"
    found = asked[0].found
    return f"decision: {found.decision}   confidence {found.confidence:.2f}"


def _show_part(asked: Asked) -> None:
    found = asked.found
    if asked.how == "part":
        typer.echo(f"decision: {found.decision}   confidence {found.confidence:.2f}")
    if found.decision == "answer":
        best = found.passages[0]
        typer.echo(
            f"article:  {best.article}\nsource:   {best.url or best.source}\n\n{best.text}\n"
        )
    for passage in found.passages:
        typer.echo(f"  {passage.score:6.3f}  {passage.article:32} {passage.question}")

"""`careline ask`: what the library decides, and why."""

import json
from functools import partial
from time import perf_counter
from typing import Annotated

import typer

from bot.cli.context import fail, run, settings_of
from bot.cli.first_run import prepare
from bot.domain.errors import SettingsError
from bot.domain.knowledge import Consultation
from bot.main import Storage, open_library, open_storage
from bot.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
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
    base = kb or settings.lines[name].kb
    found, took = run(partial(_ask, settings, base, question, None if kb else name))
    if as_json:
        typer.echo(json.dumps(_told(base, question, found, took), ensure_ascii=False))
    else:
        _show(found, took)


async def _ask(
    settings: Settings, kb: str, question: str, line: str | None
) -> tuple[Consultation, float]:
    async with open_storage(settings) as storage:
        await prepare(storage)
        return await _consult(storage, kb, question, line)


async def _consult(
    storage: Storage, kb: str, question: str, line: str | None
) -> tuple[Consultation, float]:
    async with open_library(storage) as (library, reader):
        await library.consult(kb, "warm", await reader.read("warm"))  # time the second call
        began = perf_counter()
        reading = await reader.read(question)
        found = await library.consult(kb, question, reading, line)
        return found, (perf_counter() - began) * 1000


def _told(kb: str, question: str, found: Consultation, took: float) -> dict[str, object]:
    best = found.passages[0] if found.passages else None
    answered = found.decision == "answer" and best is not None
    return {
        "kb": kb,
        "version": found.version,
        "question": question,
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
        "timing_ms": round(took, 2),
    }


def _show(found: Consultation, took: float) -> None:
    typer.echo(f"decision: {found.decision}   confidence {found.confidence:.2f}   {took:.1f} ms")
    if found.decision == "answer":
        best = found.passages[0]
        typer.echo(
            f"article:  {best.article}\nsource:   {best.url or best.source}\n\n{best.text}\n"
        )
    for passage in found.passages:
        typer.echo(f"  {passage.score:6.3f}  {passage.article:32} {passage.question}")

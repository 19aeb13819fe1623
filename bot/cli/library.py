"""`careline ingest`, `ask` and `kb`: filling the library and asking it."""

import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli.context import existing, fail, run, settings_of
from bot.cli.first_run import ensure_encoder, prepare
from bot.domain.errors import KnowledgeError, SettingsError
from bot.domain.knowledge import Consultation, IngestReport
from bot.main import Storage, open_library, open_storage
from bot.settings import Settings
from knowledge.ingest import ingest
from knowledge.sources import read_paths
from knowledge.weights import article_encoder


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("ingest", help="Make these files and folders the whole of a knowledge base.")(
        ingest_
    )
    app.command(help="Ask the library and see what it decides, and why.")(ask)
    app.command("kb", help="The knowledge bases and their live versions.")(list_kbs)


def ingest_(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Markdown or JSONL files, or folders.")],
    kb: Annotated[str, typer.Option(help="The knowledge base to fill.")],
) -> None:
    settings = settings_of(context)
    report = run(partial(_ingest, settings, [existing(path) for path in paths], kb))
    typer.echo(
        f"{report.kb}: version {report.version} is live: {report.added} added, "
        f"{report.changed} changed, {report.removed} removed, {report.unchanged} unchanged; "
        f"{report.encoded} texts encoded in {report.seconds:.1f} s"
    )
    for fault in report.skipped:
        typer.echo(f"skipped: {fault}", err=True)
    if report.skipped:
        raise typer.Exit(1)


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


def list_kbs(context: typer.Context) -> None:
    for line in run(partial(_kbs, settings_of(context))):
        typer.echo(line)


async def _ingest(settings: Settings, paths: list[Path], kb: str) -> IngestReport:
    articles, faults = read_paths(paths)
    if not articles:
        raise KnowledgeError(
            "; ".join(faults) or "these paths hold no articles: nothing was changed"
        )
    async with open_storage(settings) as storage:
        await ensure_encoder(storage)
        with _bar() as bar:
            task = bar.add_task("encoding", total=None)
            report = await ingest(
                storage.shelf,
                article_encoder(),
                storage.clock,
                kb=kb,
                articles=articles,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
    return replace(report, skipped=faults)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(
        *columns,
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


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


async def _kbs(settings: Settings) -> list[str]:
    async with open_storage(settings) as storage:
        return [
            f"{e.kb:24} version {e.version:4} {e.articles:6} articles  {e.made_at:%Y-%m-%d %H:%M}"
            for e in await storage.shelf.live()
        ]


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

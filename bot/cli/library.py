"""`careline ingest`: filling the library."""

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli.context import existing, run, settings_of
from bot.cli.first_run import ensure_encoder
from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import IngestReport
from bot.main import open_storage
from bot.settings import Settings
from knowledge.ingest import ingest
from knowledge.sources import read_paths
from knowledge.weights import article_encoder


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("ingest", help="Make these files and folders the whole of a knowledge base.")(
        ingest_
    )


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

"""`careline kb report`: a page on what people asked of a knowledge base."""

import os
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.context import fail, run, settings_of
from bot.cli.first_run import ensure_encoder
from bot.cli.progress import teller
from bot.core.review import heard_in
from bot.domain.errors import KnowledgeError, SettingsError
from bot.domain.knowledge import Heard
from bot.main import encoder_folder
from bot.settings import Settings
from bot.storage import Storage, open_storage
from bot.store.told import PostgresTold
from knowledge.arranging import arranged
from knowledge.encoder import Encoder
from knowledge.report.findings import Findings
from knowledge.report.page import page
from knowledge.report.study import Period, study

_MOST = 20_000


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(
        help="Write a page on what people asked, what is missing, and which articles to mend."
    )(report)


def report(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The knowledge base.")],
    out: Annotated[Path | None, typer.Option(help="The HTML file to write.")] = None,
    days: Annotated[int, typer.Option(min=1, help="How far back to look.")] = 90,
) -> None:
    settings = settings_of(context)
    file = out or Path(f"{name}-report.html")
    found = run(partial(_report, settings, name, days))
    try:
        _write(file, page(found))
    except OSError as exc:
        fail(SettingsError([f"--out: {file} cannot be written ({exc.strerror})"]))
    except KnowledgeError as exc:
        fail(exc)
    typer.echo(
        f"{file}: {found.coverage.questions} questions, {len(found.gaps)} gaps, "
        f"{len(found.unused)} articles never used, {len(found.contradicting)} contradicting pairs. "
        "It holds people's words: only you may read the file."
    )


async def _report(settings: Settings, name: str, days: int) -> Findings:
    async with open_storage(settings) as storage:
        edition = next((one for one in await storage.shelf.live() if one.kb == name), None)
        if edition is None:
            raise KnowledgeError(
                f"The knowledge base {name} has no live version: `careline kb` lists those there "
                "are, `careline ingest` makes one."
            )
        await ensure_encoder(storage.settings)
        encoder = Encoder.open(encoder_folder(settings), threads=settings.knowledge.threads)
        if encoder.fingerprint != edition.fingerprint:
            raise KnowledgeError(f"{name} was encoded with another encoder: ingest it again.")
        found = await storage.shelf.articles(name, edition.version)
        articles = sorted(found, key=lambda one: one.id)
        phrasings = await storage.shelf.phrasings(name, edition.version)
        rows = arranged([one.id for one in articles], phrasings)
        lines = [line for line, one in settings.lines.items() if one.kb == name]
        asked = await period(storage, lines, days)
        with closing(teller(as_json=False)) as told:
            return study(edition, articles, rows, asked, encoder.encode, told.comparing)


async def period(storage: Storage, lines: Sequence[str], days: int) -> Period:
    """What customers of some lines have asked."""
    until = storage.clock.now()
    since = until - timedelta(days=days)
    heard: list[Heard] = []
    count = 0
    archive = PostgresTold(storage.database)
    async for entries in archive.transcripts(lines, since=since, most=_MOST):
        heard += heard_in(entries)
        count += 1
    return Period(since=since, until=until, conversations=count, heard=tuple(heard))


def _write(file: Path, text: str) -> None:
    """For the eyes of its owner: nobody else may read it, not even for a moment."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)

"""`careline ingest`: making documents the whole of a knowledge base."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from bot.cli.context import existing, run, settings_of
from bot.cli.expecting import in_words
from bot.cli.first_run import ensure_encoder
from bot.cli.heavy import give_way, giving_way, shelf_built_ahead
from bot.cli.progress import Teller, tell, teller
from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Article, IngestReport
from bot.settings import Settings
from bot.storage import Storage, open_storage
from knowledge.diff import Diff, compared
from knowledge.ingest import ingest
from knowledge.site.web import MOST_PAGES, Web, is_address
from knowledge.sources import read_sources
from knowledge.taught import joined
from knowledge.weights import article_encoder

_SHOWN = 40


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    told = "Make these files, folders and sites the whole of a knowledge base."
    app.command("ingest", help=told)(ingest_)


def ingest_(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Documents (Markdown, JSONL, HTML, PDF, DOCX, XLSX, CSV), folders, "
            "or addresses of a site or its sitemap."
        ),
    ],
    kb: Annotated[str, typer.Option(help="The knowledge base to fill.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Progress and result as lines of JSON.")
    ] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Read sites in a private network as well.")
    ] = False,
    max_pages: Annotated[
        int, typer.Option(min=1, help="Pages of a site that are read at most.")
    ] = MOST_PAGES,
) -> None:
    settings = settings_of(context)
    for source in sources:
        if not is_address(source):
            existing(Path(source))
    web = Web(allow_private=allow_private, most_pages=max_pages)
    wanted = _Wanted(kb, tuple(sources), web, dry_run)
    told = teller(as_json=as_json)
    done = run(partial(_taken_in, settings, wanted, told))
    _say(kb, done, as_json=as_json)
    raise typer.Exit(1 if done.skipped else 0)


@dataclass(frozen=True, slots=True)
class _Wanted:
    kb: str
    sources: tuple[str, ...]
    web: Web
    dry_run: bool


@dataclass(frozen=True, slots=True)
class _Done:
    """A report, or on a dry run a diff; neither where there was nothing to take in."""

    skipped: tuple[str, ...]
    report: IngestReport | None = None
    diff: Diff | None = None
    version: int = 0


async def _taken_in(settings: Settings, wanted: _Wanted, told: Teller) -> _Done:
    with giving_way() as threads:
        try:
            articles, skipped = await _read(wanted, told, threads)
            if not articles:
                return _Done(skipped)
            async with open_storage(settings) as storage:
                if wanted.dry_run:
                    version, diff = await _compared(storage, wanted.kb, articles)
                    return _Done(skipped, diff=diff, version=version)
                await ensure_encoder(storage.settings)
                give_way(threads)
                return _Done(skipped, report=await _published(storage, wanted, articles, told))
        finally:
            told.close()


async def _read(
    wanted: _Wanted, told: Teller, threads: ThreadPoolExecutor
) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    stopped = Event()

    def heard(count: int) -> None:
        if stopped.is_set():
            raise KnowledgeError("stopped")
        told.reading(count)

    work = partial(read_sources, wanted.sources, wanted.web, heard)
    try:
        return await asyncio.get_running_loop().run_in_executor(threads, work)
    finally:
        stopped.set()  # else a crawl would go on when somebody has pressed Ctrl-C


async def _published(
    storage: Storage, wanted: _Wanted, articles: tuple[Article, ...], told: Teller
) -> IngestReport:
    return await ingest(
        shelf_built_ahead(storage),
        article_encoder(),
        storage.clock,
        kb=wanted.kb,
        articles=articles,
        progress=told.encoding,
    )


async def _compared(storage: Storage, kb: str, articles: tuple[Article, ...]) -> tuple[int, Diff]:
    live = {edition.kb: edition.version for edition in await storage.shelf.live()}
    version = live.get(kb, 0)
    before = await storage.shelf.articles(kb, version) if version else ()
    return version, compared(before, joined(articles, await storage.shelf.decided(kb)))


def _say(kb: str, done: _Done, *, as_json: bool) -> None:
    for fault in done.skipped:
        if as_json:
            tell("skipped", why=fault)
        else:
            typer.echo(f"skipped: {fault}", err=True)
    if done.report is not None:
        _say_report(done.report, as_json=as_json)
    elif done.diff is not None:
        _say_diff(kb, done.version, done.diff, as_json=as_json)
    elif as_json:
        tell("nothing", kb=kb)
    else:
        typer.echo(f"careline: there are no articles in these: {kb} was not changed", err=True)


def _say_report(report: IngestReport, *, as_json: bool) -> None:
    if as_json:
        tell("live", **{**asdict(report), "skipped": None})
        return
    typer.echo(
        f"{report.kb}: version {report.version} is live: {report.added} added, "
        f"{report.changed} changed, {report.removed} removed, {report.unchanged} unchanged; "
        f"{report.encoded} texts encoded in {report.seconds:.1f} s"
    )
    if report.expected:
        typer.echo(f"{report.kb}: {in_words(report.expected)}")


def _say_diff(kb: str, version: int, diff: Diff, *, as_json: bool) -> None:
    changed = {article.id: list(what) for article, what in diff.changed}
    if as_json:
        tell(
            "diff", kb=kb, version=version, added=[one.id for one in diff.added], changed=changed,
            removed=[one.id for one in diff.removed], unchanged=diff.unchanged,
        )  # fmt: skip
        return
    live = f"version {version} is live" if version else "nothing is live yet"
    typer.echo(
        f"{kb}: {live}; this would make {len(diff.added)} added, {len(diff.changed)} changed, "
        f"{len(diff.removed)} removed, {diff.unchanged} unchanged. Nothing was changed."
    )
    _list("+", [(one, "") for one in diff.added])
    _list("~", [(one, f" ({', '.join(changed[one.id])})") for one, _ in diff.changed])
    _list("-", [(one, "") for one in diff.removed])


def _list(sign: str, articles: Sequence[tuple[Article, str]]) -> None:
    for article, what in articles[:_SHOWN]:
        typer.echo(f"  {sign} {article.id:40} {article.question}{what}")
    if len(articles) > _SHOWN:
        typer.echo(f"  {sign} … and {len(articles) - _SHOWN} more")

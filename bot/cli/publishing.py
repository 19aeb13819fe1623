"""Publishes a knowledge base once more, with what has been decided on the desk and in `gaps`."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated

import typer

from bot.cli.context import run, settings_of
from bot.cli.first_run import ensure_encoder
from bot.cli.heavy import give_way, giving_way, shelf_built_ahead
from bot.domain.knowledge import IngestReport
from bot.main import encoder_folder
from bot.settings import Settings
from bot.storage import Storage, open_storage
from knowledge.encoder import ArticleEncoder, Encoder
from knowledge.ingest import ingest_again


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    told = "Publish what is live once more, with what has been approved and undone since."
    app.command("publish", help=told)(publish)


def publish(
    context: typer.Context, name: Annotated[str, typer.Argument(help="The knowledge base.")]
) -> None:
    report = run(partial(_publish, settings_of(context), name))
    typer.echo(in_words(report))


async def _publish(settings: Settings, name: str) -> IngestReport:
    with giving_way() as threads:
        async with open_storage(settings) as storage:
            return await published(storage, name, threads)


async def published(storage: Storage, kb: str, threads: ThreadPoolExecutor) -> IngestReport:
    """Only texts that are new are encoded, by the serving encoder's exact twin: it starts fast."""
    await ensure_encoder(storage.settings)
    give_way(threads)
    settings = storage.settings
    folder, width = encoder_folder(settings), settings.knowledge.threads
    exact = await asyncio.to_thread(partial(Encoder.open, folder, precision="fp32", threads=width))
    encoder = ArticleEncoder(exact.encode, exact.fingerprint)
    return await ingest_again(shelf_built_ahead(storage), encoder, storage.clock, kb=kb)


def in_words(report: IngestReport) -> str:
    return (
        f"{report.kb}: version {report.version} is live: {report.added} added, "
        f"{report.changed} changed, {report.removed} removed; "
        f"{report.encoded} texts encoded in {report.seconds:.1f} s"
    )

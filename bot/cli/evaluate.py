"""`careline eval` and `careline calibrate`: labelled questions, to measure by and to learn from."""

import asyncio
import json
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated, cast

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from bot.cli.context import existing, run, settings_of
from bot.cli.expecting import in_words
from bot.cli.first_run import prepare
from bot.cli.heavy import give_way, giving_way, shelf_built_ahead
from bot.cli.plotting import draw
from bot.cli.progress import Teller, teller
from bot.domain.errors import KnowledgeError, SettingsError
from bot.domain.knowledge import Article, Calibration, IngestReport, Labelled
from bot.domain.ports import Edition
from bot.main import encoder_folder, open_library
from bot.settings import Settings
from bot.storage import Storage, open_storage
from knowledge import questions
from knowledge.encoder import Encoder, finite
from knowledge.evaluation import IN_SCOPE, OUT_OF_SCOPE, Tried, curve, figures
from knowledge.ingest import ingest_again
from knowledge.labelled import ADVISED, LEAST
from knowledge.questions import Question
from knowledge.weights import article_encoder

_FILE = typer.Argument(help='JSON lines: {"question": "…", "article": "an id, or null"}.')
_KB = typer.Option(help="The knowledge base.")
_BATCH = 64


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("eval", help="Measure a knowledge base with labelled questions.")(eval_)
    app.command(help="Teach a knowledge base, by labelled questions, when it does not know.")(
        calibrate
    )


def eval_(
    context: typer.Context,
    file: Annotated[Path, _FILE],
    kb: Annotated[str, _KB],
    choices: Annotated[
        bool, typer.Option("--choices/--no-choices", help="Whether nearest articles are offered.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw precision against coverage into this PNG file.")
    ] = None,
) -> None:
    settings = settings_of(context)
    tried = run(partial(_eval, settings, existing(file), kb, choices=choices))
    told = figures(tried)
    if as_json:
        typer.echo(json.dumps(told))
    else:
        _show(kb, told)
    if plot is not None:
        answered = sum(one.found.decision == "answer" for one in tried) / len(tried)
        run(partial(asyncio.to_thread, draw, curve(tried), answered, f"{kb}: {file.name}", plot))


def calibrate(
    context: typer.Context, file: Annotated[Path, _FILE], kb: Annotated[str, _KB]
) -> None:
    settings = settings_of(context)
    report, asked = run(partial(_calibrate, settings, existing(file), kb))
    outside = sum(one.article is None for one in asked)
    typer.echo(
        f"{kb}: version {report.version} is live, calibrated with {len(asked) - outside} questions "
        f"in scope and {outside} out of scope in {report.seconds:.1f} s"
    )
    if report.expected:
        typer.echo(f"{kb}: {in_words(report.expected)}")
    if outside < ADVISED:
        typer.echo(f"{kb}: with {ADVISED} questions out of scope it would know better", err=True)


async def _eval(settings: Settings, file: Path, kb: str, *, choices: bool) -> list[Tried]:
    async with open_storage(settings) as storage:
        await prepare(storage)
        _, articles = await _live(storage, kb)
        asked = await _read(file, articles)
        async with open_library(storage) as (library, reader):
            await library.consult(kb, "warm", await reader.read("warm"))  # as a server is
            tried = []
            for one in asked:
                began = perf_counter()
                reading = await reader.read(one.text)
                found = await library.consult(kb, one.text, reading, choices=choices)
                took = perf_counter() - began
                tried.append(Tried(article=one.article, found=found, seconds=took))
            return tried


async def _calibrate(
    settings: Settings, file: Path, kb: str
) -> tuple[IngestReport, list[Question]]:
    with giving_way() as threads, ExitStack() as closing:
        async with open_storage(settings) as storage:
            await prepare(storage)
            # Only now: the first start says what it does by itself.
            told = teller(as_json=False)
            closing.callback(told.close)
            give_way(threads)
            _, articles = await _live(storage, kb)
            asked = await _read(file, articles)
            _check_enough(asked)
            folder = encoder_folder(settings)
            calibration = await asyncio.to_thread(_encoded, folder, asked, told)
            await storage.shelf.relabel(kb, calibration)
            shelf, encoder = shelf_built_ahead(storage), article_encoder()
            report = await ingest_again(
                shelf, encoder, storage.clock, kb=kb, progress=told.encoding
            )
            return report, asked


async def _live(storage: Storage, kb: str) -> tuple[Edition, tuple[Article, ...]]:
    live = {edition.kb: edition for edition in await storage.shelf.live()}
    if kb not in live:
        there = ", ".join(live) or "none yet: fill one with `careline ingest`"
        raise KnowledgeError(f"There is no knowledge base {kb}; there are: {there}.")
    return live[kb], await storage.shelf.articles(kb, live[kb].version)


async def _read(file: Path, articles: tuple[Article, ...]) -> list[Question]:
    try:
        return await asyncio.to_thread(questions.read, file, {one.id for one in articles})
    except questions.Wrong as exc:
        raise SettingsError(exc.faults) from exc


def _check_enough(asked: list[Question]) -> None:
    outside = sum(one.article is None for one in asked)
    if outside < LEAST or len(asked) - outside < LEAST:
        raise SettingsError(
            [
                f"calibrating takes at least {LEAST} questions that articles answer and {LEAST} "
                f"that none does (better {ADVISED}): there are {len(asked) - outside} and {outside}"
            ]
        )


def _encoded(folder: Path, asked: list[Question], told: Teller) -> Calibration:
    """With the encoder that serves, since its vectors are what the gate will see."""
    encoder = Encoder.open(folder)
    labelled: list[Labelled] = []
    for start in range(0, len(asked), _BATCH):
        some = asked[start : start + _BATCH]
        vectors = finite(encoder.encode, [one.text for one in some])
        labelled += [
            Labelled(
                question=one.text,
                article=one.article,
                vector=np.asarray(vector, dtype="<f4").tobytes(),
            )
            for one, vector in zip(some, vectors, strict=True)
        ]
        told.encoding(len(labelled), len(asked))
    return Calibration(fingerprint=encoder.fingerprint, questions=tuple(labelled))


def _show(kb: str, told: dict[str, object]) -> None:
    intervals = cast("dict[str, list[float] | None]", told["intervals"])
    table = Table(title=f"{kb}: {told['n']} questions")
    for heading in ("", "count", "share", "95 %"):
        table.add_column(heading, justify="left" if heading == "" else "right")

    def row(name: str, of: str) -> None:
        count, whole = cast("int", told[name]), cast("int", told[of])
        share = f"{100 * count / whole:.1f} %" if whole else "-"
        spread = intervals.get(name)
        between = f"{100 * spread[0]:.1f} - {100 * spread[1]:.1f}" if spread else ""
        table.add_row(f"  {name}", str(count), share, between)

    table.add_row("in scope", str(told["in_scope"]), "", "", style="bold")
    for name in IN_SCOPE:
        row(name, "in_scope")
    table.add_row("out of scope", str(told["out_of_scope"]), "", "", style="bold")
    for name in OUT_OF_SCOPE:
        row(name, "out_of_scope")
    Console().print(table)
    for share_of in ("top1", "oos_recall"):
        share = cast("float | None", told[share_of])
        typer.echo(f"{share_of}: {'-' if share is None else f'{100 * share:.1f} %'}")
    typer.echo(f"a question takes {told['p50_ms']} ms (p50), {told['p95_ms']} ms (p95)")

"""Whether customers notice an ingest on the same machine."""

import asyncio
import json
import random
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import psutil

from tests.bench.client import Asked, Chatter, chatters
from tests.bench.figures import at_most, percentile
from tests.bench.harness import LINE, Bench
from tests.bench.load import numbered, paced

DOCUMENTS, SECTIONS = 700, 4
ARTICLES = 100_000
_PEOPLE = 10
_PER_S = 10
_IDLE = 300
_SOME = 50
_SETTLING = 100
"""Messages after the ingest has ended, while the server swaps the new version in."""
_MB = 1024 * 1024


async def documents(bench: Bench) -> None:
    """Latency while documents are taken in, read and encoded in earnest."""
    path = bench.documents or _written(bench, DOCUMENTS // 10 if bench.quick else DOCUMENTS)
    count = len(path.read_text(encoding="utf-8").splitlines())
    command = ("-m", "bot", "--data", str(bench.data), "ingest", str(path), "--kb", LINE)
    await _beside(bench, f"{count} documents", command)


async def many(bench: Bench) -> None:
    """Latency while a great many articles come in, with synthetic vectors."""
    count = ARTICLES // 10 if bench.quick else ARTICLES
    async with bench.database() as url:
        command = ("-m", "tests.bench.growing", str(bench.data), url, str(count))
        await _beside(bench, f"{count} articles", command)


async def _beside(bench: Bench, what: str, command: Sequence[str]) -> None:
    texts = numbered(bench.questions)
    async with (
        bench.database(),
        bench.running() as program,
        chatters(program.base, _PEOPLE, next(texts)) as people,
    ):
        bench.report.say(f"{_IDLE} messages, nothing beside them")
        await paced(people, texts, per_second=_PER_S, count=_SOME)
        idle = await paced(people, texts, per_second=_PER_S, count=_IDLE)
        bench.report.say(f"{what} are taken in")
        began = perf_counter()
        async with _child(command) as process:
            busy, most = await _while_it_runs(process, people, texts)
        took = perf_counter() - began
        if process.returncode:
            raise RuntimeError(f"the ingest ended with code {process.returncode}")
        busy += await paced(people, texts, per_second=_PER_S, count=_SETTLING)
        grown = psutil.Process(program.pid).memory_info().rss / _MB
    at_ease = percentile([one.delivered for one in idle], 95)
    beside = percentile([one.delivered for one in busy], 95)
    report = bench.report
    report.add(f"{what} taken in beside serve", took, "s")
    report.add(f"memory of the ingest, {what}", most / _MB, "MB")
    report.add(f"memory of serve after it, {what}", grown, "MB")
    report.add("message to delivered p95, idle", 1000 * at_ease, "ms")
    report.add(f"message to delivered p95, during {what}", 1000 * beside, "ms")
    longest = 1000 * max(one.delivered for one in busy)
    report.add(f"message to delivered maximum, during {what}", longest, "ms")
    report.add(f"message to delivered p95, growth by {what}", beside / at_ease, "times", at_most(2))


@asynccontextmanager
async def _child(command: Sequence[str]) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _while_it_runs(
    process: Process, people: Sequence[Chatter], texts: Iterator[str]
) -> tuple[list[Asked], int]:
    """What was asked, and the most memory the child and its children had, in bytes."""
    busy: list[Asked] = []
    most = 0
    while process.returncode is None:
        busy += await paced(people, texts, per_second=_PER_S, count=_SOME)
        most = max(most, _memory(process.pid))
    return busy, most


def _memory(pid: int) -> int:
    try:
        whole = psutil.Process(pid)
        return sum(one.memory_info().rss for one in (whole, *whole.children(recursive=True)))
    except psutil.NoSuchProcess:
        return 0


def _written(bench: Bench, count: int) -> Path:
    """Documents put together from what the starter pack says."""
    dice = random.Random(count)  # noqa: S311  repeatable, not secret
    answers = [article.answer for article in bench.articles]
    path = bench.data.parent / "documents.jsonl"
    with path.open("w", encoding="utf-8") as handle:
        for number in range(count):
            parts = [
                f"## Part {part} of {number}\n\n{' '.join(dice.sample(answers, 2))}"
                for part in range(SECTIONS)
            ]
            line = {"id": f"d{number}", "title": f"Paper {number}", "content": "\n\n".join(parts)}
            handle.write(json.dumps(line) + "\n")
    return path

"""Whether speed and memory stay as they are when timers, stored messages and articles grow."""

import asyncio

import psutil

from tests.bench.client import chatters
from tests.bench.figures import at_least, at_most, percentile
from tests.bench.harness import Bench
from tests.bench.load import numbered, paced
from tests.bench.shelves import grow
from tests.bench.stored import Filler
from tests.bench.throughput import full_rate

TIMERS = 100_000
STORED = 1_000_000
MEMORY_AT = 1_000
_PEOPLE = 10
_PER_S = 5
_MB = 1024 * 1024


async def timers(bench: Bench) -> None:
    """The rate with timers waiting, to the rate without."""
    async with bench.database() as url, bench.running() as program:
        filler = Filler(url, bench.keyring)
        bench.report.say("the rate without timers")
        empty = await full_rate(bench, program.base)
        await asyncio.to_thread(filler.timers, TIMERS)
        bench.report.say(f"the rate with {TIMERS} timers waiting")
        full = await full_rate(bench, program.base)
        await asyncio.to_thread(filler.empty)
    share = 100 * full / empty
    bench.report.add(f"rate with {TIMERS} timers, to the empty one", share, "%", at_least(80))


async def stored(bench: Bench) -> None:
    """Latency with many stored messages, to the latency with few."""
    many = STORED // 10 if bench.quick else STORED
    async with bench.database() as url, bench.running() as program:
        few = await _middle(bench, program.base)
        bench.report.say(f"storing {many} messages")
        filler = Filler(url, bench.keyring)
        await asyncio.to_thread(filler.messages, many)
        full = await _middle(bench, program.base)
        await asyncio.to_thread(filler.empty)
    bench.report.add(f"message to delivered p50, {many} messages stored", 1000 * full, "ms")
    grown = f"message to delivered p50, growth by {many} stored messages"
    bench.report.add(grown, full / few, "times", at_most(2))


async def articles(bench: Bench) -> None:
    """Latency and memory with more and more articles, most of them with synthetic vectors."""
    sizes = (100, MEMORY_AT, 10_000) if bench.quick else (100, MEMORY_AT, 10_000, 100_000)
    found = [await _with_articles(bench, size) for size in sizes]
    growth = found[-1] / found[0]
    grown = f"message to delivered p50, growth from {sizes[0]} to {sizes[-1]} articles"
    bench.report.add(grown, growth, "times", at_most(2))


async def _with_articles(bench: Bench, size: int) -> float:
    bench.report.say(f"{size} articles")
    async with bench.database() as url:
        async with bench.running():
            await grow(bench, url, size)
        async with bench.running() as program:  # anew: building took memory of its own
            middle = await _middle(bench, program.base)
            memory = psutil.Process(program.pid).memory_info().rss / _MB
    goal = at_most(400) if size == MEMORY_AT else None
    bench.report.add(f"message to delivered p50, {size} articles", 1000 * middle, "ms")
    bench.report.add(f"memory of serve, {size} articles", memory, "MB", goal)
    return middle


async def _middle(bench: Bench, base: str) -> float:
    """The p50 of some messages at an easy pace."""
    texts = numbered(bench.questions)
    async with chatters(base, _PEOPLE, next(texts)) as people:
        count = 40 if bench.quick else 150
        asked = await paced(people, texts, per_second=_PER_S, count=count)
    return percentile([one.delivered for one in asked], 50)

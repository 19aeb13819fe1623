"""Answers without a model while a slow one writes others: they must not wait for it."""

import asyncio
import itertools
import json
from collections.abc import Sequence
from contextlib import AsyncExitStack

import psutil

from tests.bench.client import Asked, Chatter, chatters
from tests.bench.figures import at_most, percentile
from tests.bench.harness import LINE, Bench
from tests.bench.load import numbered, paced
from tests.bench.provider import provider
from tests.support.program import Program

AT_ONCE = 50
MODEL_S = 3.0
PER_SECOND = 5
_PEOPLE = 10
_SLOW = "written"
_MB = 1024 * 1024


async def measure(bench: Bench) -> None:
    count = 100 if bench.quick else 300
    texts, report = numbered(bench.questions), bench.report
    async with AsyncExitStack() as stack:
        model = await stack.enter_async_context(provider(MODEL_S, AT_ONCE))
        program = await stack.enter_async_context(bench.running(more=_settings(model)))
        hello = next(texts)
        people = await stack.enter_async_context(chatters(program.base, _PEOPLE, hello))
        others = await stack.enter_async_context(chatters(program.base, AT_ONCE, hello, _SLOW))
        report.say(f"{count} messages at {PER_SECOND} a second, no model at work")
        idle = await paced(people, texts, per_second=PER_SECOND, count=count)
        report.spread("answer without a model, none at work", _times(idle))
        for way, apart in (("one after the other", MODEL_S / AT_ONCE), ("at the same time", 0.0)):
            what = f"{AT_ONCE} at work that began {way}"
            report.say(f"the same, {what}, each of {MODEL_S:g} s")
            written: list[Asked] = []
            over = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                for place, one in enumerate(others):
                    group.create_task(_talk(one, place * apart, bench.questions, written, over))
                await asyncio.sleep(MODEL_S)
                busy = await paced(people, texts, per_second=PER_SECOND, count=count)
                over.set()
            report.spread(f"answer without a model, {what}", _times(busy))
            growth = percentile(_times(busy), 95) / percentile(_times(idle), 95)
            report.add(f"answer without a model p95, {what}, to none", growth, "times", at_most(2))
            report.add(f"written answer p95, {what}", percentile(_times(written), 95), "s")
            report.add(f"written answers, {what}", len(written), "turns")
        _memory(bench, program)


def _times(asked: Sequence[Asked]) -> list[float]:
    return [one.delivered for one in asked]


async def _talk(
    one: Chatter, after: float, questions: Sequence[str], written: list[Asked], over: asyncio.Event
) -> None:
    """Write again as soon as the answer is there, until it is over."""
    await asyncio.sleep(after)
    for question in itertools.cycle(questions):
        written += [await one.ask(question)]
        if over.is_set():
            return


def _memory(bench: Bench, program: Program) -> None:
    serve = psutil.Process(program.pid)
    bench.report.add("memory of serve with a writer", serve.memory_info().rss / _MB, "MB")
    for child in serve.children():
        if "bot.writer.child" in child.cmdline():
            bench.report.add("memory of its writer", child.memory_info().rss / _MB, "MB")


def _settings(model: str) -> dict[str, str]:
    without = {"title": "the shop", "kb": LINE, "unknowns_before_handoff": 10, "writer": False}
    lines = {LINE: without, _SLOW: without | {"writer": True}}
    return {
        "CARELINE_LINES": json.dumps(lines),
        "CARELINE_WRITER__PROVIDER": "openai",
        "CARELINE_WRITER__MODEL": "bench",
        "CARELINE_WRITER__BASE_URL": f"{model}/v1",
    }

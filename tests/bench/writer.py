"""Answers without a model while a slow one writes others: they must not wait for it."""

import asyncio
import itertools
import json
from contextlib import AsyncExitStack
from typing import Any

from tests.bench.client import Chatter, chatters
from tests.bench.figures import at_most, percentile
from tests.bench.harness import LINE, Bench
from tests.bench.load import numbered, paced
from tests.doubles.model_server import ModelServer, model_server

AT_ONCE = 50
MODEL_S = 3.0
PER_SECOND = 5
_PEOPLE = 10
_SLOW = "written"


async def measure(bench: Bench) -> None:
    count = 60 if bench.quick else 300
    texts, report = numbered(bench.questions), bench.report
    async with AsyncExitStack() as stack:
        model = await stack.enter_async_context(model_server())
        model.answer = _from_the_article
        program = await stack.enter_async_context(bench.running(more=_settings(model)))
        hello = next(texts)
        people = await stack.enter_async_context(chatters(program.base, _PEOPLE, hello))
        others = await stack.enter_async_context(chatters(program.base, AT_ONCE, hello, _SLOW))
        report.say(f"{count} messages at {PER_SECOND} a second, no model at work")
        idle = await paced(people, texts, per_second=PER_SECOND, count=count)
        report.say(f"the same while {AT_ONCE} customers wait for a model of {MODEL_S:g} s")
        model.pause = MODEL_S
        begun = len(model.calls)
        async with asyncio.TaskGroup() as group:
            waiting = [group.create_task(_talk(one, bench)) for one in others]
            await model.called(begun + AT_ONCE)
            busy = await paced(people, texts, per_second=PER_SECOND, count=count)
            for task in waiting:
                task.cancel()
        turns = len(model.calls) - begun
    report.spread("answer without a model, none at work", [one.delivered for one in idle])
    report.spread(f"answer without a model, {AT_ONCE} at work", [one.delivered for one in busy])
    p95 = [percentile([one.delivered for one in some], 95) for some in (busy, idle)]
    name = f"answer without a model p95, {AT_ONCE} at work to none"
    report.add(name, p95[0] / p95[1], "times", at_most(2))
    report.add("model turns meanwhile", turns, "turns")


async def _talk(one: Chatter, bench: Bench) -> None:
    for question in itertools.cycle(bench.questions):
        await one.ask(question)


def _settings(model: ModelServer) -> dict[str, str]:
    without = {"title": "the shop", "kb": LINE, "unknowns_before_handoff": 10, "writer": False}
    lines = {LINE: without, _SLOW: without | {"writer": True}}
    return {
        "CARELINE_LINES": json.dumps(lines),
        "CARELINE_WRITER__PROVIDER": "openai",
        "CARELINE_WRITER__MODEL": "bench",
        "CARELINE_WRITER__BASE_URL": f"{model.base}/v1",
    }


def _from_the_article(call: dict[str, Any]) -> dict[str, Any]:
    """What a good model would say: the first article's own sentences."""
    article = json.loads(call["messages"][-1]["content"])["articles"][0]
    said = [f"{part.rstrip('.')}." for part in article["text"].split(". ")][:3]
    return {"sentences": [{"text": text, "sources": [article["name"]]} for text in said]}

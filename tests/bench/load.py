"""Messages at a rate, or as many as go through."""

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from time import perf_counter

from tests.bench.client import Asked, Chatter

WARM_S = 3.0


def numbered(questions: Sequence[str]) -> Iterator[str]:
    """Questions without end, no two of them the same text: each needs an encode."""
    for number, question in enumerate(itertools.cycle(questions)):
        yield f"{question} ({number})"


async def paced(
    people: Sequence[Chatter],
    texts: Iterator[str],
    *,
    per_second: float,
    count: int,
    between: Callable[[], Awaitable[None]] | None = None,
) -> list[Asked]:
    """Messages at a rate whoever is still waiting; `between` runs half way to the next one.

    The gaps vary by half, so that no other clock's tick meets always the same moment.
    """
    dice = random.Random(count)  # noqa: S311  repeatable, not secret
    async with asyncio.TaskGroup() as group:
        asked = []
        for number in range(count):
            gap = dice.uniform(0.5, 1.5) / per_second
            asked.append(group.create_task(people[number % len(people)].ask(next(texts))))
            await asyncio.sleep(gap / 2)
            if between is not None:
                await between()
            await asyncio.sleep(gap / 2)
    return [task.result() for task in asked]


async def at_full_rate(people: Sequence[Chatter], texts: Iterator[str], seconds: float) -> float:
    """Messages a second when everybody writes again as soon as the answer is there."""
    done: list[float] = []
    end = perf_counter() + WARM_S + seconds

    async def talk(one: Chatter) -> None:
        while perf_counter() < end:
            await one.ask(next(texts))
            done.append(perf_counter())

    async with asyncio.TaskGroup() as group:
        for one in people:
            group.create_task(talk(one))
    counted = [at for at in done if end - seconds <= at < end]
    return len(counted) / seconds

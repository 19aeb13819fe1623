"""How long a click on "Claim" takes: alone, and with many people after many hand-offs at once."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.settings import Settings
from tests.bench.figures import at_least, at_most, percentile
from tests.bench.harness import Bench
from tests.support.desk import Desk
from tests.support.rivals import (
    Click,
    all_waiting,
    click,
    customers,
    dice_of,
    rivalry,
    signed_in,
    staff_links,
    writing_on,
)

_PEOPLE = 20
_WRITING_PER_S = 40
_SEED = 4


async def measure(bench: Bench) -> None:
    alone, many = (10, 40) if bench.quick else (50, 200)
    report = bench.report
    async with bench.running() as program:
        links = await staff_links(Settings(data=bench.data), program.base, _PEOPLE)
        async with (
            signed_in(links) as desks,
            customers(program.base, alone) as few,
            customers(program.base, many) as asking,
        ):
            somebody = next(iter(desks.values()))
            report.say(f"{alone} claims, one after the other, nothing else going on")
            idle = await _one_by_one(desks, [*await all_waiting(somebody, few)])
            report.say(f"{many} hand-offs, {_PEOPLE} people, three rivals for each")
            waiting = await all_waiting(somebody, asking)
            done = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                words = writing_on(asking, dice_of(_SEED + 1), done, per_second=_WRITING_PER_S)
                group.create_task(words)
                pressed = await rivalry(desks, [*waiting], dice_of(_SEED))
                done.set()
    winners = [sum(one.status == 200 for one in clicks) for clicks in pressed.values()]
    report.add("hand-offs with exactly one winner", 100 * winners.count(1) / many, "%",
               at_least(100))  # fmt: skip
    _tell(bench, idle, [one.seconds for clicks in pressed.values() for one in clicks])
    won = [one.seconds for clicks in pressed.values() for one in clicks if one.status == 200]
    report.add("claim that wins among rivals p95", 1000 * percentile(won, 95), "ms")


async def _one_by_one(desks: Mapping[str, Desk], handoffs: Sequence[str]) -> list[Click]:
    names = [*desks]
    return [
        await click(names[at % len(names)], desks[names[at % len(names)]], handoff)
        for at, handoff in enumerate(handoffs)
    ]


def _tell(bench: Bench, idle: Sequence[Click], busy: Sequence[float]) -> None:
    report, alone = bench.report, [one.seconds for one in idle]
    report.spread("claim, nothing else going on", alone)
    report.spread("claim among rivals", busy)
    high = 1000 * percentile(busy, 95)
    report.add("claim among rivals p95, promised", high, "ms", at_most(200))
    report.add(
        "claim among rivals to a claim alone, p95", high / (1000 * percentile(alone, 95)), "times"
    )

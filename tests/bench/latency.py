"""How long a message takes, at one a second and under load, beside the physical floor."""

from contextlib import AsyncExitStack

from tests.bench.client import chatters
from tests.bench.commits import counted
from tests.bench.figures import at_most, percentile
from tests.bench.floor import open_floor
from tests.bench.harness import Bench
from tests.bench.load import numbered, paced

LOAD_PER_S = 60
"""Half of the rate that is promised."""
COUNTED = 150
_PEOPLE = 30


async def measure(bench: Bench) -> None:
    texts = numbered(bench.questions)
    low, many = (20, 300) if bench.quick else (60, 1200)
    report = bench.report
    async with AsyncExitStack() as stack:
        program = await stack.enter_async_context(bench.running())
        url = await stack.enter_async_context(bench.database())
        folder = bench.data.parent / "floor"
        floor = await stack.enter_async_context(open_floor(bench, folder, url))
        people = await stack.enter_async_context(chatters(program.base, _PEOPLE, next(texts)))
        report.say(f"{low} messages at one a second, the floor between them")
        for _ in range(20):
            await floor.once()
        floor.seconds.clear()
        quiet = await paced(people, texts, per_second=1, count=low, between=floor.once)
        report.say(f"{many} messages at {LOAD_PER_S} a second")
        busy = await paced(people, texts, per_second=LOAD_PER_S, count=many)
        report.say("counting commits")
        async with counted(url, report, COUNTED):
            await paced(people, texts, per_second=10, count=COUNTED)

    report.spread("webhook commit at 1 message/s", [one.kept for one in quiet])
    report.spread(f"webhook commit at {LOAD_PER_S} messages/s", [one.kept for one in busy])
    slow = [one.delivered for one in quiet]
    report.spread("message to delivered at 1 message/s", slow)
    middle = percentile(slow, 50)
    report.add(
        "message to delivered at 1 message/s, p99 to p50",
        percentile(slow, 99) / middle,
        "times",
        at_most(5),
    )
    report.spread(
        f"message to delivered at {LOAD_PER_S} messages/s", [one.delivered for one in busy]
    )
    least = percentile(floor.seconds, 50)
    report.add("physical floor p50 (encode, Chroma query, three commits)", 1000 * least, "ms")
    report.add("message to delivered to the floor, p50", middle / least, "times", at_most(3))

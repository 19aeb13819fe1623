"""Messages a second from the post to the stream: one process, and door and work apart."""

from contextlib import AsyncExitStack

from tests.bench.client import chatters
from tests.bench.figures import at_least
from tests.bench.harness import Bench
from tests.bench.load import at_full_rate, numbered

PEOPLE = 48
GOAL = 120


async def measure(bench: Bench) -> None:
    bench.report.say("as many messages as go through, in one process")
    async with bench.running() as program:
        one = await full_rate(bench, program.base)
    bench.report.add("messages through one serve process", one, "messages/s", at_least(GOAL))
    bench.report.say("the same with web and work apart")
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(bench.running("web"))
        await stack.enter_async_context(bench.running("work"))
        two = await full_rate(bench, web.base)
    bench.report.add("messages through web and work apart", two, "messages/s")


async def full_rate(bench: Bench, base: str) -> float:
    texts = numbered(bench.questions)
    async with chatters(base, PEOPLE, next(texts)) as people:
        return await at_full_rate(people, texts, 5 if bench.quick else 15)

"""How fast articles are taken in."""

from tests.bench.harness import Bench


async def measure(bench: Bench) -> None:
    bench.report.say("taking in the starter pack under another name")
    texts, seconds = await bench.ingest("ingest-rate")
    bench.report.add("ingest rate", texts / seconds, "texts/s")

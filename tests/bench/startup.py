"""From the command to a `/readyz` that says yes, with the knowledge base there already."""

import asyncio
import statistics
from time import perf_counter

import aiohttp

from tests.bench.figures import at_most
from tests.bench.harness import Bench

TIMES = 5
_LOOK_S = 0.01
_PATIENCE_S = 60


async def measure(bench: Bench) -> None:
    bench.report.say(f"{TIMES} cold starts, the embedded database included")
    took = [await _start(bench) for _ in range(2 if bench.quick else TIMES)]
    bench.report.add("cold start to /readyz, median", statistics.median(took), "s", at_most(3))
    bench.report.add("cold start to /readyz, slowest", max(took), "s")


async def _start(bench: Bench) -> float:
    program = bench.program()
    began = perf_counter()
    await asyncio.to_thread(program.start)
    try:
        async with aiohttp.ClientSession() as http:
            for _ in range(int(_PATIENCE_S / _LOOK_S)):
                async with http.get(f"{program.base}/readyz") as response:
                    if response.status == 200:
                        return perf_counter() - began
                await asyncio.sleep(_LOOK_S)
        raise RuntimeError(f"not ready: {program.said()}")
    finally:
        await asyncio.to_thread(program.stop)

"""How fast `careline web` answers Twilio, beside a bare aiohttp handler that checks as much.

Both are processes of their own, asked in turn, in one run; `careline work` works apart on what the
one has taken in. Messages come at fixed times, and each is timed from when it should have come.
"""

import asyncio
import itertools
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from urllib.parse import urlencode

import aiohttp

from tests.acceptance.twilio.scene import free_port
from tests.bench.figures import at_most, percentile
from tests.bench.harness import LINE, Bench
from tests.bench.load import numbered
from tests.contract.twilio.double import twilio_double
from tests.contract.twilio.webhooks import ACCOUNT, OURS, PUBLIC, TOKEN, message, signed

_PATH = "/twilio/messages"
_PER_S = 100
_SECONDS, _FEW_SECONDS = 20, 4
_ROUNDS = 2
_PATIENCE_S = 60
_RATIO = 4.0
_count = itertools.count(1)
Signed = tuple[bytes, dict[str, str]]


async def measure(bench: Bench) -> None:
    seconds = _FEW_SECONDS if bench.quick else _SECONDS
    bench.report.say(f"{_PER_S} text messages/s for {seconds} s, {_ROUNDS} times each")
    async with twilio_double() as twilio, _bare() as bare, _careline(bench, twilio.url) as ours:
        texts = numbered(bench.questions)
        for url in (bare, ours):
            await _answered(url, _messages(texts, _PER_S))  # both are warm
        taken: dict[str, list[float]] = {bare: [], ours: []}
        for _ in range(_ROUNDS):
            for url in (bare, ours):
                taken[url] += await _answered(url, _messages(texts, _PER_S * seconds))
    report, at = bench.report, f"at {_PER_S} messages/s"
    report.spread(f"Twilio: webhook to answer, bare aiohttp {at}", taken[bare])
    report.spread(f"Twilio: webhook to answer {at}", taken[ours])
    for place in (50, 95):
        ratio = percentile(taken[ours], place) / percentile(taken[bare], place)
        what = f"Twilio: webhook to answer, to bare aiohttp, p{place}"
        report.add(what, ratio, "times", goal=at_most(_RATIO))


def _messages(texts: Iterator[str], count: int) -> list[Signed]:
    """Signed before they are timed; each from a phone of its own."""
    made = []
    for _ in range(count):
        number = next(_count)
        fields = message(next(texts), sid=f"SM{number:032x}", theirs=f"+1415{number:07}")
        made.append((urlencode(fields).encode(), signed(PUBLIC + _PATH, fields)))
    return made


async def _answered(url: str, messages: Sequence[Signed]) -> list[float]:
    """Seconds until each was answered, from when it was due."""
    async with aiohttp.ClientSession() as http:

        async def ask(due: float, body: bytes, headers: dict[str, str]) -> float:
            await asyncio.sleep(max(0.0, due - perf_counter()))
            async with http.post(url + _PATH, data=body, headers=headers) as answer:
                await answer.read()
            if answer.status != 200:
                raise RuntimeError(f"a message was answered {answer.status}")
            return perf_counter() - due

        began = perf_counter() + 0.2
        async with asyncio.timeout(_PATIENCE_S + len(messages) / _PER_S):
            return await asyncio.gather(
                *(ask(began + n / _PER_S, *one) for n, one in enumerate(messages))
            )


@asynccontextmanager
async def _careline(bench: Bench, twilio: str) -> AsyncIterator[str]:
    """The door and, apart, the work."""
    port = free_port()
    lines = {
        LINE: {
            "title": "the shop",
            "kb": LINE,
            "unknowns_before_handoff": 10,
            "addresses": [f"sms:{OURS}"],
        }
    }
    more = {
        "CARELINE_LINES": json.dumps(lines),
        "CARELINE_CHANNELS": json.dumps({"twilio": {"api_url": twilio}}),
        "CARELINE_SERVER__PUBLIC_URL": PUBLIC,
        "CARELINE_SERVER__PORT": str(port),
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }
    async with bench.running("web", more=more), bench.running("work", more=more):
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def _bare() -> AsyncIterator[str]:
    command = (sys.executable, "-m", "tests.bench.twilio_bare", PUBLIC, TOKEN)
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_PATIENCE_S):
            first = (await process.stdout.readline()).decode().strip()
        if not first.startswith("http://"):
            raise RuntimeError("the bare handler did not start")
        yield first
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()

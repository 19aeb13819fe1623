"""How long a signed event of Slack takes to its answer, beside a bare slack-bolt echo.

Both are processes of their own, and both answer to the same receiver, in one run.
"""

import asyncio
import itertools
import json
import re
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

import aiohttp

from tests.bench.figures import percentile
from tests.bench.harness import LINE, Bench
from tests.bench.load import numbered
from tests.bench.slack_receiver import Receiver, open_receiver
from tests.contract.slack import events
from tests.contract.slack.double import TOKEN

_ROOMS, _FEW_ROOMS = 400, 100
_PER_S = 10
_AT_ONCE = 48
_PATIENCE_S = 60
_PAUSE_S = 1.5
"""A room of Slack takes about a message a second: no room is written to sooner again."""
_stamps = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Timed:
    """One event: seconds until it was acknowledged, and until its answer came in."""

    acked: float
    answered: float


async def measure(bench: Bench) -> None:
    rooms = [f"D{n:06}" for n in range(_FEW_ROOMS if bench.quick else _ROOMS)]
    async with open_receiver() as receiver:
        bench.report.say(f"{len(rooms)} direct messages of Slack, to a bare slack-bolt echo")
        async with _echo(receiver) as url:
            echo = await _measured(bench, "bare slack-bolt echo", receiver, url, rooms)
        bench.report.say("the same to Careline")
        lines = {
            LINE: {
                "title": "the shop",
                "kb": LINE,
                "unknowns_before_handoff": 10,
                "addresses": [f"slack:{events.TEAM}"],
            }
        }
        more = {
            "CARELINE_LINES": json.dumps(lines),
            "CARELINE_CHANNELS": json.dumps({"slack": {"base_url": receiver.url}}),
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": events.SECRET,
        }
        async with bench.running(more=more) as program:
            url = f"{program.base}/slack/events"
            ours = await _measured(bench, "Slack", receiver, url, rooms)
    bench.report.add("Slack event to answer, to a bare slack-bolt echo, p50", ours / echo, "times")


async def _measured(
    bench: Bench, what: str, receiver: Receiver, url: str, rooms: Sequence[str]
) -> float:
    """Report latency and rate; the p50 in seconds."""
    texts = numbered(bench.questions)
    async with aiohttp.ClientSession() as http:
        asker = Asker(http, receiver, url, texts)
        await asker.at_full_rate(rooms)  # everybody is greeted once, and told who speaks
        await asyncio.sleep(_PAUSE_S)
        rate = await asker.at_full_rate(rooms)
        await asyncio.sleep(_PAUSE_S)
        timed = await asker.paced(rooms)
    answered = [one.answered for one in timed]
    report = bench.report
    at = f"at {_PER_S} events/s"
    report.spread(f"{what}: event to answer {at}", answered)
    acked = [one.acked for one in timed]
    report.add(f"{what}: event to ack {at} p50", 1000 * percentile(acked, 50), "ms")
    after = [one.answered - one.acked for one in timed]
    report.add(f"{what}: ack to answer {at} p50", 1000 * percentile(after, 50), "ms")
    report.add(f"{what}: events answered, {_AT_ONCE} at once", rate, "messages/s")
    return percentile(answered, 50)


class Asker:
    """People who write to the bot, each in a room of their own."""

    def __init__(
        self, http: aiohttp.ClientSession, receiver: Receiver, url: str, texts: Iterator[str]
    ) -> None:
        self._http = http
        self._receiver = receiver
        self._url = url
        self._texts = texts

    async def ask(self, room: str) -> Timed:
        """Post an event and wait for what is said in its room."""
        stamp = f"{time.time():.0f}.{next(_stamps):06}"  # noqa: TID251  the wall's, as Slack's is
        said = events.message(next(self._texts), user=f"U{room}", channel=room, ts=stamp)
        body = json.dumps(events.envelope(said)).encode()
        headers = events.signed(body, time.time())  # noqa: TID251  as above
        answer = self._receiver.expect(room)
        began = perf_counter()
        async with self._http.post(self._url, data=body, headers=headers) as response:
            if response.status != 200:
                raise RuntimeError(f"an event was answered {response.status}")
        acked = perf_counter() - began
        async with asyncio.timeout(_PATIENCE_S):
            return Timed(acked, await answer - began)

    async def at_full_rate(self, rooms: Sequence[str]) -> float:
        """Each room once, some at a time; answers a second."""
        few = asyncio.Semaphore(_AT_ONCE)

        async def one(room: str) -> None:
            async with few:
                await self.ask(room)

        began = perf_counter()
        async with asyncio.TaskGroup() as group:
            for room in rooms:
                group.create_task(one(room))
        return len(rooms) / (perf_counter() - began)

    async def paced(self, rooms: Sequence[str]) -> list[Timed]:
        """Each room once, at a steady rate."""
        async with asyncio.TaskGroup() as group:
            asked = []
            for room in rooms:
                asked.append(group.create_task(self.ask(room)))
                await asyncio.sleep(1 / _PER_S)
        return [task.result() for task in asked]


@asynccontextmanager
async def _echo(receiver: Receiver) -> AsyncIterator[str]:
    """The echo, running; where its events go."""
    command = (sys.executable, "-m", "tests.bench.slack_echo", receiver.url)
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_PATIENCE_S):
            first = (await process.stdout.readline()).decode()
        if not re.match("http://", first):
            raise RuntimeError("the echo did not start")
        yield first.strip()
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()

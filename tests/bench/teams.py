"""How long a signed activity of Teams takes to its answer, beside a bare aiohttp echo.

Both are processes of their own, check the same tokens and answer to the same connector, in one run.
"""

import asyncio
import itertools
import json
import sys
from asyncio.subprocess import PIPE
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

import aiohttp
from typing_extensions import override

from tests.bench.figures import percentile
from tests.bench.harness import LINE, Bench
from tests.bench.load import numbered
from tests.doubles.teams import APP, ISSUER, PASSWORD, TENANT, Microsoft, activity, microsoft

_ROOMS, _FEW_ROOMS = 400, 100
_PER_S, _AT_ONCE = 10, 48
_PATIENCE_S = 60
_PAUSE_S = 2.5
"""Longer than the shortest spans of Teams' pace for a thread."""


async def measure(bench: Bench) -> None:
    rooms = [f"a:{n:06}" for n in range(_FEW_ROOMS if bench.quick else _ROOMS)]
    async with microsoft() as double, aiohttp.ClientSession() as http:
        asker = Asker(http, double, numbered(bench.questions))
        bench.report.say(f"{len(rooms)} personal chats of Teams, to a bare aiohttp echo")
        async with _echo(double) as url:
            echo = await _measured(bench, "bare aiohttp echo", asker, url, rooms)
        bench.report.say("the same to Careline")
        async with bench.running(more=_environment(double)) as program:
            url = f"{program.base}/teams/messages"
            ours = await _measured(bench, "Teams", asker, url, rooms)
    bench.report.add("Teams activity to answer, to a bare aiohttp echo, p50", ours / echo, "times")


def _environment(double: Microsoft) -> dict[str, str]:
    line = {
        "title": "the shop",
        "kb": LINE,
        "unknowns_before_handoff": 10,
        "addresses": [f"teams:{TENANT}"],
    }
    section = {
        "openid_metadata_url": f"{double.url}/openid",
        "issuer": ISSUER,
        "login_url": f"{double.url}/login",
        "service_url": double.service_url,
    }
    return {
        "CARELINE_LINES": json.dumps({LINE: line}),
        "CARELINE_CHANNELS": json.dumps({"teams": section}),
        "TEAMS_APP_ID": APP,
        "TEAMS_APP_PASSWORD": PASSWORD,
        "TEAMS_TENANT_ID": TENANT,
    }


async def _measured(
    bench: Bench, what: str, asker: "Asker", url: str, rooms: Sequence[str]
) -> float:
    """Report latency and rate; the p50 in seconds."""
    await asker.at_full_rate(url, rooms)  # everybody is greeted once, and told who speaks
    await asyncio.sleep(_PAUSE_S)
    rate = await asker.at_full_rate(url, rooms)
    await asyncio.sleep(_PAUSE_S)
    answered = await asker.paced(url, rooms)
    bench.report.spread(f"{what}: activity to answer at {_PER_S} activities/s", answered)
    bench.report.add(f"{what}: activities answered, {_AT_ONCE} at once", rate, "messages/s")
    return percentile(answered, 50)


class Taken(list[dict[str, Any]]):
    """What the connector took; whoever waits for a message in its chat is told when it came."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[str, deque[asyncio.Future[float]]] = defaultdict(deque)

    @override
    def append(self, item: dict[str, Any]) -> None:
        at = perf_counter()
        super().append(item)
        if waiting := self.waiting[item["talk"]]:
            waiting.popleft().set_result(at)


class Asker:
    """People who write to the bot, each in a chat of their own."""

    def __init__(
        self, http: aiohttp.ClientSession, double: Microsoft, texts: Iterator[str]
    ) -> None:
        self._http = http
        self._double = double
        self._texts = texts
        self._keys = itertools.count(1)
        self._taken = double.sent = Taken()
        token = double.signer.token(double.service_url)
        self._headers = {"Authorization": f"Bearer {token}"}

    async def ask(self, url: str, room: str) -> float:
        """Post an activity and wait for what is said in its chat; seconds."""
        key = f"{next(self._keys)}"
        who = {"id": f"29:{room}", "name": room, "aadObjectId": room}
        service = self._double.service_url
        said = activity(service, talk=room, key=key, text=next(self._texts)) | {"from": who}
        answer: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._taken.waiting[room].append(answer)
        began = perf_counter()
        async with self._http.post(url, json=said, headers=self._headers) as response:
            if response.status != 200:
                raise RuntimeError(f"an activity was answered {response.status}")
        async with asyncio.timeout(_PATIENCE_S):
            return await answer - began

    async def at_full_rate(self, url: str, rooms: Sequence[str]) -> float:
        """Each chat once, some at a time; answers a second."""
        few = asyncio.Semaphore(_AT_ONCE)

        async def one(room: str) -> None:
            async with few:
                await self.ask(url, room)

        began = perf_counter()
        async with asyncio.TaskGroup() as group:
            for room in rooms:
                group.create_task(one(room))
        return len(rooms) / (perf_counter() - began)

    async def paced(self, url: str, rooms: Sequence[str]) -> list[float]:
        """Each chat once, at a steady rate."""
        async with asyncio.TaskGroup() as group:
            asked = []
            for room in rooms:
                asked.append(group.create_task(self.ask(url, room)))
                await asyncio.sleep(1 / _PER_S)
        return [task.result() for task in asked]


@asynccontextmanager
async def _echo(double: Microsoft) -> AsyncIterator[str]:
    """The echo, running; where its activities go."""
    command = (sys.executable, "-m", "tests.bench.teams_echo", double.url)
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_PATIENCE_S):
            first = (await process.stdout.readline()).decode()
        if not first.startswith("http://"):
            raise RuntimeError("the echo did not start")
        yield first.strip()
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()

"""A loopback platform: takes every send, writes it down, and answers after a while."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One send as it came in: `event` is what it answers, `at` is by the monotonic clock."""

    key: str
    event: str
    author: str
    room: str
    text: str
    at: float


@dataclass
class Platform:
    """What arrived, in order. `url` is where sends go."""

    dice: random.Random
    latency: tuple[float, float]
    url: str = ""
    arrivals: list[Arrival] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """Write a send down, then answer when the network would."""
        body = await request.json()
        arrival = Arrival(**body, at=time.monotonic())
        self.arrivals.append(arrival)
        number = len(self.arrivals)
        await asyncio.sleep(self.dice.uniform(*self.latency))
        return web.json_response({"id": f"m{number}", "at": arrival.at})


@asynccontextmanager
async def open_platform(
    seed: int, *, latency: tuple[float, float] = (0.05, 0.2)
) -> AsyncIterator[Platform]:
    """A platform on a free port, for as long as it is open."""
    platform = Platform(random.Random(seed), latency)  # noqa: S311  repeatable, not secret
    app = web.Application()
    app.router.add_post("/send", platform.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
        platform.url = f"http://127.0.0.1:{runner.addresses[0][1]}/send"
        yield platform
    finally:
        await runner.cleanup()

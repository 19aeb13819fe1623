"""Customers who write: in order per conversation, each message until it is acknowledged."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from knowledge.sources import pack_path, read_paths
from tests.doubles.http_channel import PATH, webhook
from tests.support.topics import FOR_PEOPLE

REDELIVERED = 0.1
"""The share of messages that the platform sends twice."""
GIVE_UP_S = 180
"""Seconds in which a message must be acknowledged: longer than any outage here lasts."""
_WEBHOOK = aiohttp.ClientTimeout(total=3)
_BURST = 4
_LATE_S = 8.0


_ARTICLES = 12


def article_files() -> list[Path]:
    """A few articles of the starter pack of the shop: taking in all of it takes longer."""
    there = sorted((pack_path("shop") / "articles").glob("*.md"))
    return [file for file in there if file.stem not in FOR_PEOPLE][:_ARTICLES]


def questions() -> tuple[str, ...]:
    """Questions that these articles answer."""
    articles, _ = read_paths(article_files())
    return tuple(article.question for article in articles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much is written: messages a second over all conversations, until `minimum` is reached."""

    conversations: int
    minimum: int
    per_second: float


@dataclass
class Traffic:
    """All conversations. `acked` holds the keys of each, in the order they were written."""

    doors: Sequence[str]
    secret: bytes
    load: Load
    dice: random.Random
    asked: tuple[str, ...]
    acked: dict[str, list[str]] = field(default_factory=dict)
    redelivered: int = 0
    posts: int = 0
    _last: bool = False

    @property
    def count(self) -> int:
        return sum(len(keys) for keys in self.acked.values())

    def finish(self) -> None:
        """Say that the damage is done: customers stop once they have written enough."""
        self._last = True

    async def run(self) -> None:
        """Write until told to finish."""
        connector = aiohttp.TCPConnector(limit=0)
        rooms = [f"room-{number:02}" for number in range(self.load.conversations)]
        async with (
            aiohttp.ClientSession(connector=connector, timeout=_WEBHOOK) as http,
            asyncio.TaskGroup() as group,
        ):
            for room in rooms:
                self.acked[room] = []
                dice = random.Random(self.dice.random())  # noqa: S311  repeatable, not secret
                customer = _Customer(self, http, group, room, dice)
                group.create_task(customer.talk(self._enough))

    def _enough(self) -> bool:
        return self._last and self.count >= self.load.minimum


class _Customer:
    """One conversation."""

    def __init__(
        self,
        traffic: Traffic,
        http: aiohttp.ClientSession,
        group: asyncio.TaskGroup,
        room: str,
        dice: random.Random,
    ) -> None:
        self._traffic = traffic
        self._http = http
        self._group = group
        self._room = room
        self._dice = dice

    async def talk(self, enough: Callable[[], bool]) -> None:
        """Bursts of messages with pauses between them."""
        load = self._traffic.load
        pause = (1 + _BURST) / 2 * load.conversations / load.per_second
        while not enough():
            await asyncio.sleep(self._dice.expovariate(1 / pause))
            for _ in range(self._dice.randint(1, _BURST)):
                await self._say()

    async def _say(self) -> None:
        number = len(self._traffic.acked[self._room])
        key = f"{self._room}-{number:04}"
        text = f"{self._dice.choice(self._traffic.asked)} ({key})"
        post = webhook(self._traffic.secret, key=key, room=self._room, text=text)
        again = self._dice.random() < REDELIVERED
        at_once = again and self._dice.random() < 0.5
        if again:
            self._traffic.redelivered += 1
        if at_once:
            self._group.create_task(self._until_acked(*post))
        await self._until_acked(*post)
        self._traffic.acked[self._room].append(key)
        if again and not at_once:
            self._group.create_task(self._later(*post))

    async def _later(self, body: bytes, headers: dict[str, str]) -> None:
        await asyncio.sleep(self._dice.uniform(0, _LATE_S))
        await self._until_acked(body, headers)

    async def _until_acked(self, body: bytes, headers: dict[str, str]) -> None:
        async with asyncio.timeout(GIVE_UP_S):
            while True:
                if await self._post(body, headers):
                    return
                await asyncio.sleep(self._dice.uniform(0.05, 0.4))

    async def _post(self, body: bytes, headers: dict[str, str]) -> bool:
        self._traffic.posts += 1
        url = self._dice.choice(self._traffic.doors) + PATH
        try:
            async with self._http.post(url, data=body, headers=headers) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

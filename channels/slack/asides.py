"""What is done beside the answers: App Home, suggested questions, titles. Each may fail, unnoticed.

It waits in memory until the event is acknowledged: a page that is not shown is opened again.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from bot.domain.errors import CarelineError
from bot.domain.front import Front
from bot.domain.message import Address
from channels.slack.inbound import NAME
from channels.slack.panel import home
from channels.slack.showing import Showing

log = logging.getLogger("careline.slack")
_WAITING, _AT_ONCE, _TITLED = 1000, 4, 5000
_PATIENCE_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Somebody opened the Home tab."""

    team: str
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Somebody opened the assistant panel: a thread begins, and nothing was said yet."""

    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Something was said in a thread of a direct message."""

    address: Address


Aside: TypeAlias = Opened | Begun | Spoken


class Asides:
    """A short queue, and those who work on it; what finds it full is dropped."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._queue: asyncio.Queue[tuple[Aside, Showing]] = asyncio.Queue(_WAITING)
        self._titled: OrderedDict[str, None] = OrderedDict()

    def add(self, aside: Aside, showing: Showing) -> None:
        """Never waits; `showing` is of the workspace that it is for."""
        if isinstance(aside, Spoken) and aside.address.key() in self._titled:
            return
        try:
            self._queue.put_nowait((aside, showing))
        except asyncio.QueueFull:
            log.warning("slack_not_shown", extra={"error": "QueueFull"})

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            aside, showing = await self._queue.get()
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    await self._show(aside, showing)
            except (CarelineError, TimeoutError, KeyError, TypeError) as exc:
                log.warning("slack_not_shown", extra={"error": type(exc).__name__})

    async def _show(self, aside: Aside, showing: Showing) -> None:
        match aside:
            case Opened():
                place = Address(channel=NAME, account=aside.team, room=aside.user)
                page = await self._front.page(place, aside.user)
                await showing.publish(aside.user, home(page, aside.team))
            case Begun():
                prompts = await self._front.prompts(aside.address)
                if prompts:
                    place = aside.address
                    await showing.prompts(place.room, place.thread or "", prompts)
            case Spoken():
                await self._entitle(aside.address, showing)
            case _:
                assert_never(aside)

    async def _entitle(self, place: Address, showing: Showing) -> None:
        """Call a thread by what was asked first in it; whoever does it, it is the same title."""
        if place.key() in self._titled:
            return
        self._titled[place.key()] = None
        if len(self._titled) > _TITLED:
            self._titled.popitem(last=False)
        words = await showing.first_words(place.room, place.thread or "")
        if words:
            await showing.title(place.room, place.thread or "", words)

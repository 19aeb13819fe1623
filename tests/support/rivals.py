"""Many hand-offs at once, many people after them: three click on each, and customers write on."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter
from typing import Any

import aiohttp

from bot.domain.contact import Person
from bot.settings import Settings
from bot.storage import open_storage
from tests.support.desk import Desk, desk

RIVALS = 3
PATIENCE_S = 120
ASKS = "can I talk to a person please"


def dice_of(seed: int) -> random.Random:
    """Chance that is the same in every run."""
    return random.Random(seed)  # noqa: S311  repeatable, not secret


async def staff_links(settings: Settings, base: str, count: int) -> dict[str, str]:
    """People who may sign in, by their name, each with a one-time link."""
    links = {}
    async with open_storage(settings) as storage:
        for number in range(count):
            person = Person(id=f"p{number:02}", name=f"Person {number:02}", rights=("handle",),
                            lines=("*",))  # fmt: skip
            await storage.staff.put(person)
            token = await storage.staff.link(person.id, valid=timedelta(hours=1))
            links[person.name] = f"{base}/desk/login?token={token}"
    return links


@asynccontextmanager
async def signed_in(links: dict[str, str]) -> AsyncIterator[dict[str, Desk]]:
    """Everybody at a desk of their own."""
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(desk(link)) for name, link in links.items()}


@dataclass(frozen=True, slots=True)
class Click:
    """One press on "Claim": who, what the desk answered, and after how many seconds."""

    who: str
    status: int
    answer: dict[str, Any]
    seconds: float


@dataclass(slots=True)
class Customer:
    """A customer by the words that nobody else writes; `kept` is what was answered with 202."""

    http: aiohttp.ClientSession
    base: str
    head: dict[str, str]
    mark: str
    kept: list[str] = field(default_factory=list)

    async def write(self, text: str) -> None:
        body = {"key": secrets.token_hex(8), "text": text}
        url = f"{self.base}/chat/api/messages"
        async with self.http.post(url, json=body, headers=self.head) as response:
            response.raise_for_status()
        self.kept.append(text)


@asynccontextmanager
async def customers(base: str, count: int) -> AsyncIterator[list[Customer]]:
    """Visitors who have not written yet."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        made = []
        for number in range(count):
            async with http.post(f"{base}/chat/api/visitors", json={}) as response:
                response.raise_for_status()
                token = (await response.json())["token"]
            head = {"Authorization": f"Bearer {token}"}
            made.append(Customer(http, base, head, f"mark{number:04}x"))
        yield made


async def all_waiting(desk: Desk, asking: Sequence[Customer]) -> dict[str, Customer]:
    """All of them ask for a person at once; the customer of each hand-off by its id."""
    async with asyncio.TaskGroup() as group:
        for one in asking:
            group.create_task(one.write(f"{ASKS}, {one.mark}"))
    by_mark = {one.mark: one for one in asking}
    async with asyncio.timeout(PATIENCE_S):
        while True:
            rows = (await desk.get("/handoffs"))["handoffs"]
            found = {
                str(row["id"]): by_mark[mark]
                for row in rows
                if (mark := str(row["summary"]).rsplit(" ", 1)[-1]) in by_mark
                and row["state"] == "waiting"
            }
            if len(found) == len(by_mark):
                return found
            await asyncio.sleep(0.2)


async def click(who: str, at: Desk, handoff: str) -> Click:
    """Press "Claim" once."""
    began = perf_counter()
    status, answer = await at.act(handoff, "claim")
    return Click(who, status, answer, perf_counter() - began)


async def rivalry(
    desks: dict[str, Desk], handoffs: Sequence[str], dice: random.Random
) -> dict[str, list[Click]]:
    """Everybody claims at random until all is claimed, three at the same moment on each hand-off.

    Nobody has two hands: a person's next click comes after the answer to the one before.
    """
    left, names = [*handoffs], [*desks]
    dice.shuffle(left)
    pressed: dict[str, list[Click]] = {}
    while left:
        dice.shuffle(names)
        teams = [names[at : at + RIVALS] for at in range(0, len(names) - RIVALS + 1, RIVALS)]
        async with asyncio.TaskGroup() as group:
            tasks = {
                handoff: [group.create_task(click(who, desks[who], handoff)) for who in team]
                for handoff, team in zip(left, teams, strict=False)
            }
        pressed |= {handoff: [task.result() for task in made] for handoff, made in tasks.items()}
        left = left[len(teams) :]
    return pressed


async def writing_on(
    asking: Sequence[Customer], dice: random.Random, done: asyncio.Event, *, per_second: float
) -> None:
    """Customers keep writing, one of them at a time, until it is done."""
    while not done.is_set():
        one = dice.choice(asking)
        await one.write(f"{one.mark} message {len(one.kept)}")
        await asyncio.sleep(dice.uniform(0.5, 1.5) / per_second)

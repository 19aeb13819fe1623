"""The door and the work in processes of their own, on one database: one product all the same."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bot.domain.knowledge import Article
from tests.support.desk import desk
from tests.support.house import House, known_articles, open_house
from tests.support.program import Program
from tests.support.visitor import visitor

pytestmark = pytest.mark.acceptance

PATIENCE_S = 20
HEAVY = ("torch", "safetensors", "sklearn")
QUESTION = "how long does delivery take?"
PARKING = Article(
    id="parking",
    question="Where can I park my car at the shop?",
    answer="In the orange yard behind the shop.",
    variants=("is there a car park", "parking at the shop", "where do i leave my car"),
)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        yield opened


@pytest.fixture(scope="module")
def web(house: House) -> Program:
    return house.program("web", name="web").start()


@pytest.fixture(scope="module")
def works(house: House, web: Program) -> list[Program]:  # noqa: ARG001  the door was there first
    return [house.program("work", name=f"work-{n}").start() for n in (1, 2)]


@pytest.fixture(scope="module")
def link(web: Program) -> str:
    web.command("staff", "add", "ada", "--name", "Ada", "--operator")
    token = web.command("staff", "link", "ada").stdout.split("token=")[1].strip()
    return f"{web.base}/desk/login?token={token}"


async def test_a_door_without_anybody_at_work_says_so_and_keeps_what_it_is_given(
    house: House, web: Program
):
    ready = web.ready()
    assert ready.status_code == 503
    assert ready.json()["checks"]["database"] == "ok"
    assert ready.json()["checks"]["worker"] == "no worker is alive: run careline work"
    async with visitor(web.base) as customer:
        assert (await customer.say(QUESTION)).status == 202
        work = house.program("work", name="late").start()
        await customer.hears("working days", author="bot")
        await _until(lambda: web.ready().status_code == 200)
        assert work.stop() == 0
        await _until(lambda: web.ready().status_code == 503)  # it has said goodbye


async def test_the_main_job_works_across_processes(web: Program, works: list[Program], link: str):
    assert len(works) == 2
    async with visitor(web.base) as customer, desk(link) as staff:
        await customer.say(QUESTION)
        await customer.hears("working days", author="bot")
        await customer.say("can I talk to a human about the teal teapot")
        await customer.hears("asked a person to join")
        row = await staff.waiting(QUESTION)
        handoff = str(row["id"])
        assert (await staff.act(handoff, "claim"))[0] == 200
        await customer.hears("Ada has joined")
        await customer.say("are you there?")
        await staff.reads(handoff, "are you there?")
        await staff.act(handoff, "reply", {"text": "I am."})
        await customer.hears("I am.", author="staff")
        assert (await staff.act(handoff, "hand-back"))[0] == 200
        await customer.hears("automated assistant again")
        await customer.say("how much does delivery cost?")
        await customer.until(lambda body: body["author"] == "bot" and "working" not in body["text"])

    # And the lines: switched at this door, obeyed by whoever does the work.
    async with desk(await _fresh(web)) as staff:
        await _follows_a_switch(web, staff.post)


async def _fresh(web: Program) -> str:
    made = await asyncio.to_thread(web.command, "staff", "link", "ada")
    return f"{web.base}/desk/login?token={made.stdout.split('token=')[1].strip()}"


async def _follows_a_switch(web: Program, post) -> None:
    """Both workers take messages: each of several visitors must be sent to people, within 1 s."""
    try:
        assert (await post("/lines/shop", {"mode": "off"}))[0] == 200
        await asyncio.sleep(1)  # the time that they have
        for _ in range(6):
            async with visitor(web.base) as customer:
                await customer.say(QUESTION)
                await customer.hears("A person will answer you here")
    finally:
        await post("/lines/shop", {"mode": "on"})
    await asyncio.sleep(1)
    async with visitor(web.base) as customer:
        await customer.say(QUESTION)
        await customer.hears("working days", author="bot")


async def test_a_switch_by_command_is_followed_too(web: Program, works: list[Program]):
    assert works
    switched = await asyncio.to_thread(web.command, "lines", "set", "it", "off")
    assert switched.stdout == "it is off.\n"
    await asyncio.sleep(1)
    async with visitor(web.base, "it") as customer:
        await customer.say(QUESTION)
        await customer.hears("A person will answer you here")
    back = await asyncio.to_thread(web.command, "lines", "set", "it", "on")
    assert back.returncode == 0


async def test_new_articles_are_served_without_a_restart(
    house: House, web: Program, works: list[Program]
):
    pids = [work.pid for work in works]
    await asyncio.to_thread(house.stock, [*known_articles(), PARKING])

    async def answered() -> bool:
        async with visitor(web.base) as customer:
            await customer.say("where can i park my car at the shop?")
            said = await customer.until(lambda body: body["author"] == "bot")
        return "orange yard" in said["text"]

    in_a_row = 0  # both at work must have it
    async with asyncio.timeout(PATIENCE_S):
        while in_a_row < 6:
            in_a_row = in_a_row + 1 if await answered() else 0
    assert [work.pid for work in works] == pids


async def test_neither_the_door_nor_the_work_loads_what_encodes_articles(
    web: Program, works: list[Program]
):
    for program in (web, *works):
        mapped = Path(f"/proc/{program.pid}/maps").read_text()  # noqa: ASYNC240  of the kernel
        assert "psycopg" in mapped  # native modules do show here
        assert [name for name in HEAVY if f"/{name}/" in mapped] == []


async def test_a_worker_that_is_killed_is_missed_by_nobody(web: Program, works: list[Program]):
    works[0].kill()
    async with httpx.AsyncClient() as http:
        assert (await http.get(f"{web.base}/readyz")).status_code == 200
    async with visitor(web.base) as customer:
        await customer.say(QUESTION)
        await customer.hears("working days", author="bot")


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110  of other processes
            await asyncio.sleep(0.05)

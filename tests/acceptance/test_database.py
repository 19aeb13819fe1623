"""A database that is away: at the start it is awaited, under load nothing accepted is lost."""

import asyncio
import secrets
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import psycopg
import pytest

from tests.support.house import House, open_house
from tests.support.program import Program
from tests.support.visitor import Visitor, visitor

pytestmark = pytest.mark.acceptance

PATIENCE_S = 40
QUESTION = "how long does delivery take?"


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        yield opened


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def test_a_database_away_at_the_start_is_awaited(house: House):
    house.postgres.stop()
    port = free_port()
    program = house.program(env={"CARELINE_SERVER__PORT": str(port)}, name="start")
    program.start(wait=False)
    base = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=base) as http:
        assert (await _answered(http, "/healthz")).status_code == 200
        unready = await http.get("/readyz")
        assert (unready.status_code, unready.json()["ready"]) == (503, False)
        refused = await http.post("/chat/api/visitors", json={})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    checked = await asyncio.to_thread(program.command, "check")
    assert checked.returncode == 2
    assert "the database cannot be reached" in checked.stderr
    house.postgres.start()
    await asyncio.to_thread(program.await_ready)
    assert "waiting for the database" in program.said()
    assert "Traceback" not in program.said() + checked.stderr
    async with visitor(program.base) as customer:
        await customer.say(QUESTION)
        await customer.hears("working days", author="bot")
    assert program.stop() == 0


async def test_a_database_that_goes_away_under_load_loses_nothing_it_has_taken(house: House):
    rates = {"CARELINE_CHAT__RATES__VISITOR_BURST": "100000"}
    program = house.program(env=rates, name="load").start()
    pid = program.pid
    async with (
        visitor(program.base, comes_back=True) as one,
        visitor(program.base, comes_back=True) as two,
        visitor(program.base, comes_back=True) as three,
    ):
        writers = [Writer(who) for who in (one, two, three)]
        async with asyncio.TaskGroup() as group:
            writing = [group.create_task(writer.write()) for writer in writers]
            await _until(lambda: all(len(w.taken) >= 5 for w in writers))
            await asyncio.to_thread(house.postgres.stop)
            for writer in writers:
                writer.away = True
            await _until(lambda: all(len(w.while_away) >= 3 for w in writers))
            for writer in writers:
                writer.away = False
            await asyncio.to_thread(house.postgres.start)
            before = [len(w.taken) for w in writers]
            await _until(
                lambda: all(len(w.taken) > n + 3 for w, n in zip(writers, before, strict=True))
            )
            for task in writing:
                task.cancel()
        for writer in writers:
            await _each_answered_once(writer)
        await _recovered(program)
    assert program.pid == pid
    assert program.said().count("Careline is ready.") == 1
    assert program.stop() == 0
    with psycopg.connect(house.postgres.url) as connection:
        undone = connection.execute("SELECT count(*) FROM events WHERE state <> 'done'").fetchone()
    assert undone == (0,)


@dataclass
class Writer:
    """Somebody who writes without pause, and keeps what became of each message, by key."""

    who: Visitor
    away: bool = False
    taken: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    while_away: list[str] = field(default_factory=list)

    async def write(self) -> None:
        while True:
            key, surely_away = secrets.token_hex(8), self.away
            answer = await self.who.say(QUESTION, key=key)
            if answer.status == 202:
                self.taken.append(key)
            else:
                assert (answer.status, "Retry-After" in answer.headers) == (503, True)
                self.refused.append(key)
                if surely_away and self.away:
                    self.while_away.append(key)
            await asyncio.sleep(0.05)


async def _each_answered_once(writer: Writer) -> None:
    """Every message taken has one echo and one answer, and what was refused for sure has none."""
    who, taken = writer.who, writer.taken
    await who.until(lambda _: all(_count(who, "bot", key) for key in taken))
    assert {_count(who, "customer", key) for key in taken} == {1}
    assert {_count(who, "bot", key) for key in taken} == {1}
    assert {_count(who, "customer", key) for key in writer.while_away} == {0}
    for key in writer.refused:  # sent again as a page does, it is there once
        assert (await who.say(QUESTION, key=key)).status == 202
    await who.until(lambda _: all(_count(who, "bot", key) for key in writer.refused))
    assert {_count(who, "bot", key) for key in writer.refused} == {1}


def _count(who: Visitor, author: str, key: str) -> int:
    return sum(b["author"] == author and b["key"].endswith(f":{key}") for b in who.shown)


async def _answered(http: httpx.AsyncClient, path: str) -> httpx.Response:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                return await http.get(path)
            except httpx.TransportError:
                await asyncio.sleep(0.05)


async def _recovered(program: Program) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while (await asyncio.to_thread(program.ready)).status_code != 200:  # noqa: ASYNC110  of another process
            await asyncio.sleep(0.1)


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110  of several writers
            await asyncio.sleep(0.02)

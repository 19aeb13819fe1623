"""Lines switched at run time, and the stream that says when to read again."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientResponse

from bot.domain.errors import TooMany
from bot.server.desk.attempts import Attempts
from bot.server.desk.stream import Live
from tests.fakes.clock import FakeClock
from tests.unit.server.desk.house import ADA, BEN, CLEO, OPA, House

STREAM = "/desk/api/stream"


async def test_operators_switch_lines(house: House):
    desk = await house.at_desk(OPA)
    answer = await desk.post("/desk/api/lines/shop", json={"mode": "off"})
    assert answer.status == 200
    assert await house.modes.all() == {"shop": "off"}
    assert await (await desk.get("/desk/api/lines")).json() == {
        "lines": [
            {"name": "shop", "title": "Shop", "mode": "off", "configured": "on"},
            {"name": "it", "title": "IT help desk", "mode": "share", "configured": "share"},
        ],
        "may_switch": True,
    }


async def test_others_may_look_at_their_own_lines(house: House):
    desk = await house.at_desk(CLEO)
    seen = await (await desk.get("/desk/api/lines")).json()
    assert [line["name"] for line in seen["lines"]] == ["it"]
    assert seen["may_switch"] is False


async def test_others_may_not_switch(house: House):
    answer = await (await house.at_desk(BEN)).post("/desk/api/lines/shop", json={"mode": "off"})
    assert answer.status == 403
    assert "operate" in (await answer.json())["error"]
    assert await house.modes.all() == {}


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("nothing", {"mode": "off"}, 404),
        ("shop", {"mode": "loud"}, 400),
        ("shop", {"mode": ["off"]}, 400),
        ("shop", {}, 400),
    ],
)
async def test_a_switch_that_makes_no_sense(house: House, name: str, body: Any, status: int):
    answer = await (await house.at_desk(ADA)).post(f"/desk/api/lines/{name}", json=body)
    assert answer.status == status
    assert await house.modes.all() == {}


async def told(answer: ClientResponse) -> list[str]:
    """The lines of the next event."""
    lines = []
    while line := (await answer.content.readline()).decode().rstrip("\n"):
        lines.append(line)
    return lines


async def test_the_stream_says_that_something_changed_and_not_what(house: House):
    desk = await house.at_desk()
    answer = await desk.get(STREAM)
    assert answer.content_type == "text/event-stream"
    assert await told(answer) == ["event: changed", "data: {}"]
    house.notices.announce("desk", b"h1")
    assert await told(answer) == ["event: changed", 'data: {"handoff": "h1"}']
    house.notices.announce("desk", b"")
    assert await told(answer) == ["event: changed", "data: {}"]
    house.notices.announce("desk", b"two\n\nlines")
    assert await told(answer) == ["event: changed", "data: {}"]
    for payload in (b"h1", b"h2", b"h1"):
        house.notices.announce("desk", payload)
    assert (await told(answer))[1] == 'data: {"handoff": "h1"}'
    assert (await told(answer))[1] == 'data: {"handoff": "h2"}'
    answer.close()


async def test_the_stream_ends_with_the_session(house: House):
    desk = await house.at_desk()
    answer = await desk.get(STREAM)
    await told(answer)
    await desk.delete("/desk/api/session")
    house.notices.announce("desk", b"h1")
    assert await answer.content.read() == b""


async def test_the_stream_ends_with_the_server(house: House):
    answer = await (await house.at_desk()).get(STREAM)
    await told(answer)
    house.closing.set()
    assert await answer.content.read() == b""
    await asyncio.sleep(0.01)
    assert house.notices.listeners["desk"] == []


async def test_the_stream_beats_while_nothing_happens(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Live.__init__, "__kwdefaults__", {"heartbeat": 0.01})
    house = House(clock=FakeClock())
    async with house.stack:
        await house.open()
        answer = await (await house.at_desk()).get(STREAM)
        await told(answer)
        assert await told(answer) == [": still here"]
        house.closing.set()


def test_attempts_are_counted_in_little_memory():
    attempts = Attempts(FakeClock(), limit=1, window=timedelta(minutes=1), size=10)
    for n in range(100):
        attempts.take(f"key-{n}")
    assert len(attempts) == 10
    with pytest.raises(TooMany):
        attempts.take("key-99")
    attempts.take("key-1")


async def test_a_fifth_page_parts_the_oldest(house: House):
    desk = await house.at_desk()
    pages = [await desk.get(STREAM) for _ in range(5)]
    for page in pages:
        assert await told(page) == ["event: changed", "data: {}"]
    assert await told(pages[0]) == ["event: elsewhere", "data: {}"]
    assert await pages[0].content.read() == b""
    house.notices.announce("desk", b"h1")
    for page in pages[1:]:
        assert await told(page) == ["event: changed", 'data: {"handoff": "h1"}']

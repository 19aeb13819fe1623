"""The terminal's visitor and the printed links, while the database is away for a moment."""

import asyncio
import os
from types import SimpleNamespace
from typing import cast

import pytest

from bot.cli.chat import Terminal
from bot.cli.serve import _desk
from bot.cli.typed import Typed
from bot.domain.message import Address
from bot.main import App
from bot.settings import Settings
from bot.storage import Storage
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeNotices, FakeStaffBook
from tests.fakes.store import FakeStore

ROOM = Address(channel="web", account="shop", room="terminal")
HELLO = b'{"key": "hello", "author": "bot", "text": "Hello!"}'


class House:
    """A terminal over a store in memory."""

    def __init__(self) -> None:
        self.notices = FakeNotices()
        self.store = FakeStore(announce=self.notices.announce)
        storage = SimpleNamespace(store=self.store, notices=self.notices, clock=FakeClock())
        self.terminal = Terminal(cast("App", SimpleNamespace(storage=storage)), ROOM)
        self.topic = f"room:{ROOM.key()}"

    async def heard(self) -> None:
        """Let the terminal do all it can: nothing here waits for the outside."""
        for _ in range(20):
            await asyncio.sleep(0)


async def test_what_is_shown_survives_a_database_that_goes_away(capsys: pytest.CaptureFixture[str]):
    house = House()
    async with asyncio.TaskGroup() as group:
        showing = group.create_task(house.terminal.show())
        await house.heard()
        house.store.away = True
        house.notices.announce(house.topic, b"")  # as a lost connection does
        await house.heard()
        assert not showing.done()
        house.store.away = False
        async with house.store.transaction() as transaction:
            await transaction.feed.add(ROOM, "hello", HELLO)
        await house.heard()
        showing.cancel()
    assert capsys.readouterr().out == "\nassistant: Hello!\n"


async def test_words_that_could_not_be_sent_are_owned_up_to(capsys: pytest.CaptureFixture[str]):
    house = House()
    house.store.away = True
    end, begin = os.pipe()
    os.write(begin, b"hello\n/quit\n")
    await house.terminal.listen(Typed(end))
    assert "nothing was sent" in capsys.readouterr().out
    os.close(begin)
    os.close(end)


@pytest.mark.parametrize("away", [False, True])
async def test_a_database_away_costs_the_link_alone(away: bool):  # noqa: FBT001 - a table
    staff = FakeStaffBook(FakeClock(), away=away)
    storage = cast("Storage", SimpleNamespace(settings=Settings(), staff=staff))
    told = "\n".join(await _desk(storage, "http://127.0.0.1:8080"))
    assert "http://127.0.0.1:8080/desk" in told
    assert "careline staff link owner" in told
    assert ("login?token=" in told) is not away

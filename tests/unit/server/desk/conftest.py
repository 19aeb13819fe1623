"""A house per test."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.clock import FakeClock
from tests.unit.server.desk.house import House


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House(clock=FakeClock())
    async with made.stack:
        await made.open()
        yield made
        made.closing.set()  # open streams end before the server waits for them

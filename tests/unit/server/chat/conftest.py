"""A house per test."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.server.chat.house import House


@pytest.fixture
async def house() -> AsyncIterator[House]:
    built = House()
    async with built.browser:
        yield built
        built.deps.stopping.set()

"""The fake shelf does what the suite says."""

import pytest
from typing_extensions import override

from bot.domain.errors import Unavailable
from tests.conformance.shelf_suite import ShelfSuite
from tests.fakes.shelf import FakeShelf


class TestFakeShelf(ShelfSuite):
    @pytest.fixture
    @override
    def shelf(self) -> FakeShelf:
        return FakeShelf()


async def test_it_can_go_away():
    shelf = FakeShelf()
    async with shelf.changes() as changes:
        shelf.lose()
        with pytest.raises(Unavailable):
            await anext(changes)
    with pytest.raises(Unavailable):
        await shelf.live()

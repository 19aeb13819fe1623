"""The shelf on PostgreSQL does what the suite says."""

from collections.abc import AsyncIterator

import pytest
from typing_extensions import override

from bot.store.database import Database
from bot.store.shelf import PostgresShelf
from tests.conformance.shelf_suite import ShelfSuite
from tests.integration.store.conftest import hearing

pytestmark = pytest.mark.integration


class TestPostgresShelf(ShelfSuite):
    @pytest.fixture
    @override
    async def shelf(self, database: Database) -> AsyncIterator[PostgresShelf]:
        async with hearing(database) as notices:
            yield PostgresShelf(database, notices)

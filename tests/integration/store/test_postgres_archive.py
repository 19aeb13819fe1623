"""The archive on PostgreSQL does what the suite says."""

from collections.abc import AsyncIterator

import pytest
from typing_extensions import override

from bot.store.archive import PostgresArchive
from bot.store.database import Database
from bot.store.shelf import PostgresShelf
from tests.conformance.archive_suite import ArchiveSuite
from tests.integration.store.conftest import hearing

pytestmark = pytest.mark.integration


class TestPostgresArchive(ArchiveSuite):
    @pytest.fixture
    @override
    async def shelf(self, database: Database) -> AsyncIterator[PostgresShelf]:
        async with hearing(database) as notices:
            yield PostgresShelf(database, notices)

    @pytest.fixture
    @override
    def archive(self, database: Database) -> PostgresArchive:
        return PostgresArchive(database)

"""PostgreSQL keeps the promises of `Files`, and keeps them sealed."""

import pytest
from sqlalchemy import text

from bot.store.database import Database
from bot.store.files import PostgresFiles
from tests.conformance.files_suite import FILE, FilesSuite

pytestmark = pytest.mark.integration


class TestPostgresFiles(FilesSuite):
    @pytest.fixture
    def files(self, database: Database) -> PostgresFiles:
        return PostgresFiles(database)


async def test_neither_name_nor_content_is_plain(database: Database):
    await PostgresFiles(database).add(FILE)
    async with database.begin() as connection:
        (row,) = (await connection.execute(text("SELECT * FROM files"))).all()
    assert b"receipt" not in row.head
    assert b"PDF" not in row.content
    assert FILE.address.room not in row.room

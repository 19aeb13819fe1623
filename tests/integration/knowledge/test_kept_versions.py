"""What old versions leave in PostgreSQL."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.store.database import Database
from bot.store.notices import PostgresNotices
from bot.store.shelf import PostgresShelf
from tests.conformance.shelf_suite import PAY, TRACK, put

pytestmark = pytest.mark.integration


async def test_rows_of_versions_nobody_serves_are_deleted(database: Database):
    shelf = PostgresShelf(database, PostgresNotices(database))
    for version in range(8):
        await put(shelf, "shop", TRACK, replace(PAY, answer="." * version), version=version)
    kept = {}
    async with database.begin() as connection:
        for name in ("editions", "articles", "phrasings"):
            counted = select(func.count()).select_from(database.tables[name])
            kept[name] = (await connection.execute(counted)).scalar_one()
    # Three editions; of one article a row, of the other one for each.
    assert kept == {"editions": 3, "articles": 4, "phrasings": 12}

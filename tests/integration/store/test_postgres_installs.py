"""Installs on PostgreSQL do what the suite says, and no token is readable there."""

import pytest
from sqlalchemy import text

from bot.store.database import Database
from bot.store.installs import PostgresInstalls
from tests.conformance.installs_suite import CARE, InstallsSuite

pytestmark = pytest.mark.integration


class TestPostgresInstalls(InstallsSuite):
    @pytest.fixture
    def installs(self, database: Database) -> PostgresInstalls:
        return PostgresInstalls(database)

    async def test_tokens_are_sealed(self, installs: PostgresInstalls, database: Database):
        await installs.put(CARE)
        async with database.begin() as connection:
            body = (await connection.execute(text("SELECT body FROM installs"))).scalar_one()
        assert b"secret" not in bytes(body)

"""Migrations: the schema is what the tables say, whoever makes it and however many do."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.domain.errors import SettingsError
from bot.store.database import Database
from bot.store.migrate import HEAD, migrate
from tests.integration.conftest import KEYRING, open_server

pytestmark = pytest.mark.integration

QUICK = """
import asyncio, sys
from bot.store.database import Database
from bot.store.keyring import Keyring
from bot.store.migrate import migrate

async def main():
    database = Database(sys.argv[1], Keyring({1: bytes(32)}, pepper=b"p"))
    await migrate(database)
    await database.close()

asyncio.run(main())
sys.exit("alembic" in sys.modules)
"""


@pytest.fixture(scope="module")
def bare_url() -> Iterator[str]:
    """A database that nobody has migrated."""
    with open_server() as url:
        yield url


@pytest.fixture
async def bare(bare_url: str) -> AsyncIterator[Database]:
    database = Database(bare_url, KEYRING)
    async with database.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    yield database
    await database.close()


async def revisions(database: Database) -> list[str]:
    async with database.begin() as connection:
        found = await connection.execute(text("SELECT version_num FROM alembic_version"))
        return list(found.scalars())


async def test_the_migrated_schema_is_what_the_tables_say(bare: Database):
    await migrate(bare)

    def differences(connection: Connection) -> list[object]:
        options = {"compare_server_default": True, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, bare.tables.metadata))

    async with bare.begin() as connection:
        assert await connection.run_sync(differences) == []


async def test_partial_indexes_are_partial(bare: Database):
    await migrate(bare)
    partial = text("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '% WHERE %'")
    async with bare.begin() as connection:
        found = set((await connection.execute(partial)).scalars())
    indexes = {i for table in bare.tables.metadata.tables.values() for i in table.indexes}
    named = {i.name for i in indexes if i.dialect_options["postgresql"]["where"] is not None}
    assert found == named
    assert len(found) >= 6


async def test_replicas_that_start_together_migrate_once(bare: Database):
    twin = Database(bare.url, KEYRING)
    await asyncio.gather(*(migrate(database) for database in (bare, twin) * 3))
    assert await revisions(bare) == [HEAD]
    await twin.close()


async def test_a_schema_that_is_up_to_date_costs_one_query(bare: Database):
    await migrate(bare)
    command = [sys.executable, "-W", "error", "-c", QUICK, bare.url]
    done = await asyncio.to_thread(subprocess.run, command, check=False)
    assert done.returncode == 0


async def test_a_newer_schema_is_left_alone(bare: Database):
    await migrate(bare)
    async with bare.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match="newer version"):
        await migrate(bare)
    assert await revisions(bare) == ["9999"]

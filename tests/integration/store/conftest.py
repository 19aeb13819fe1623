"""A store whose jobs are rows of a table, so that they follow its commits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy import text

from bot.domain.ports import Job
from bot.store.database import Database
from bot.store.notices import PostgresNotices
from bot.store.postgres import PostgresStore
from bot.store.processes import beat
from bot.store.taking import Deferral

PATIENCE_S = 30
_START = (
    "CREATE OR REPLACE FUNCTION tests.start(text, text, text) RETURNS int LANGUAGE sql AS "
    "'INSERT INTO tests.jobs (kind, room, ref) VALUES ($1, $2, $3) RETURNING id'"
)


DEFERRAL = Deferral(
    "tests.start(:kind, :room, :ref)",
    lambda job: {"kind": job.kind, "room": job.room, "ref": job.ref},
)
"""Stands for the engine."""


async def living(database: Database) -> PostgresStore:
    """The store of a process whose heart beats."""
    store = PostgresStore(database, DEFERRAL)
    async with database.begin() as connection:
        await beat(connection, database.tables, store.me, "serve")
    return store


@pytest.fixture
async def live_store(database: Database) -> PostgresStore:
    columns = "id int GENERATED ALWAYS AS IDENTITY, kind text, room text, ref text"
    async with database.begin() as connection:
        await connection.execute(text("CREATE SCHEMA IF NOT EXISTS tests"))
        await connection.execute(text(f"CREATE TABLE IF NOT EXISTS tests.jobs ({columns})"))
        await connection.execute(text(_START))
    return await living(database)


@pytest.fixture
async def twin_store(live_store: PostgresStore) -> PostgresStore:
    """Another process on the same data."""
    return await living(live_store.database)


async def jobs(database: Database) -> list[Job]:
    """The jobs that were started."""
    async with database.begin() as connection:
        rows = await connection.execute(text("SELECT * FROM tests.jobs ORDER BY id"))
        return [Job(kind=row.kind, room=row.room, ref=row.ref) for row in rows]


@asynccontextmanager
async def hearing(database: Database) -> AsyncIterator[PostgresNotices]:
    """Notices whose connection is up."""
    notices = PostgresNotices(database)
    running = asyncio.get_running_loop().create_task(notices.run())
    try:
        async with notices.listen("desk") as first:
            assert await first.wait(PATIENCE_S) == (b"",)
        yield notices
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def until_somebody_waits(database: Database) -> None:
    """Return once a connection waits for another's lock."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with database.begin() as connection:
                if (await connection.execute(waiting)).scalar_one():
                    return

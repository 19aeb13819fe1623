"""The engine and the store on one clean database, as the composition root joins them."""

from collections.abc import AsyncIterator
from typing import Any

import procrastinate
import psycopg
import pytest
from sqlalchemy import text

from bot.store.database import Database
from bot.store.postgres import PostgresStore
from bot.work.jobs import DEFERRAL, job_app, prepare_schema


@pytest.fixture
async def engine(clean_url: str) -> AsyncIterator[procrastinate.App]:
    app = job_app(clean_url)
    async with await psycopg.AsyncConnection.connect(clean_url) as connection:
        await prepare_schema(app, connection)
    async with app.open_async():
        yield app


@pytest.fixture
def store(database: Database, engine: procrastinate.App) -> PostgresStore:  # noqa: ARG001  its tables
    return PostgresStore(database, DEFERRAL)


@pytest.fixture
def twin(database: Database, engine: procrastinate.App) -> PostgresStore:  # noqa: ARG001  as above
    """Another process on the same data."""
    return PostgresStore(database, DEFERRAL)


async def rows(database: Database, query: str, **values: object) -> list[dict[str, Any]]:
    """What a query finds."""
    async with database.begin() as connection:
        found = await connection.execute(text(query), values)
        return [dict(row) for row in found.mappings()]


async def tell(database: Database, statement: str, **values: object) -> None:
    async with database.begin() as connection:
        await connection.execute(text(statement), values)


async def jobs(database: Database) -> list[dict[str, Any]]:
    query = (
        "SELECT task_name, queue_name, lock, args, status::text FROM procrastinate_jobs ORDER BY id"
    )
    return await rows(database, query)

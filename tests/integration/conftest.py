"""One PostgreSQL for all tests of a run, in which every test finds empty tables."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bot.store.database import Database
from bot.store.embedded import EmbeddedPostgres
from bot.store.keyring import Keyring
from bot.store.migrate import migrate

KEYRING = Keyring({1: bytes(range(32))}, pepper=b"pepper of the tests")


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that a server run by an unprivileged user can reach; pytest's own it cannot."""
    folder = Path(tempfile.mkdtemp(prefix="careline-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def open_server() -> Iterator[str]:
    """A new server with an empty database, for as long as it is open."""
    with open_folder() as folder, ThreadPoolExecutor(1) as aside:  # its loop is not the tests'
        server = aside.submit(asyncio.run, EmbeddedPostgres.open(folder / "data")).result()
        try:
            yield server.url
        finally:
            aside.submit(asyncio.run, server.close()).result()


async def migrated(url: str) -> None:
    """Give a database its tables."""
    database = Database(url, KEYRING)
    await migrate(database)
    await database.close()


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The database of the run, migrated. What it holds is anybody's: ask for `clean_url`."""
    with open_server() as url, ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, migrated(url)).result()
        yield url


@pytest.fixture(scope="session")
def _janitor(database_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def clean_url(database_url: str, _janitor: psycopg.Connection) -> str:
    """The database of the run with every table empty, whoever made it."""
    # A connection that an earlier test has leaked would keep its locks.
    _janitor.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE usename = current_user AND pid <> pg_backend_pid()"
    )
    tables = _janitor.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE tableowner = current_user"
        " AND tablename <> 'alembic_version'"
    ).fetchall()
    named = sql.SQL(", ").join(sql.Identifier(*table) for table in tables)
    _janitor.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(named))
    return database_url


@pytest.fixture
def keyring() -> Keyring:
    return KEYRING


@pytest.fixture
async def database(clean_url: str, keyring: Keyring) -> AsyncIterator[Database]:
    """A pool on empty tables."""
    opened = Database(clean_url, keyring)
    yield opened
    await opened.close()

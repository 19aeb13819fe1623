"""A database that is stopped, started again, or out of connections."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import Conflict, Unavailable
from bot.domain.ports import Job
from bot.store.database import Database
from bot.store.embedded import EmbeddedPostgres
from bot.store.migrate import migrate
from bot.store.postgres import PostgresStore
from bot.store.taking import Deferral
from tests.conformance.store_words import HOME, event
from tests.integration.conftest import KEYRING, open_folder
from tests.integration.store.conftest import DEFERRAL, PATIENCE_S

pytestmark = pytest.mark.integration


class Switched:
    """A server of our own that can be stopped and started."""

    def __init__(self, server: EmbeddedPostgres, data: object) -> None:
        self.url = server.url
        self._server: EmbeddedPostgres | None = server
        self._data = data

    async def stop(self) -> None:
        if self._server is not None:
            await self._server.close()
        self._server = None

    async def start(self) -> None:
        self._server = await EmbeddedPostgres.open(self._data)  # type: ignore[arg-type]  # a path
        assert self._server.url == self.url


@pytest.fixture
async def server() -> AsyncIterator[Switched]:
    with open_folder() as folder:
        switched = Switched(await EmbeddedPostgres.open(folder / "data"), folder / "data")
        yield switched
        await switched.stop()


@pytest.fixture
async def own(server: Switched) -> AsyncIterator[PostgresStore]:
    database = Database(server.url, KEYRING)
    await migrate(database)
    yield PostgresStore(database, DEFERRAL)
    await database.close()


async def accept(store: PostgresStore, key: str) -> bool:
    async with store.transaction() as t:
        return await t.events.add(event(key))


async def test_away_and_back(server: Switched, own: PostgresStore):
    await asyncio.gather(*(accept(own, f"before-{n}") for n in range(5)))  # five in the pool
    await server.stop()
    for _ in range(20):  # more often than the pool is wide: none of its places is lost
        with pytest.raises(Unavailable):
            await accept(own, "while away")
    with pytest.raises(Unavailable):
        await migrate(own.database)
    await server.start()
    assert await accept(own, "after")  # the first one already: the pool has noticed by itself


async def test_a_restart_between_two_transactions_goes_unnoticed(
    server: Switched, own: PostgresStore
):
    await asyncio.gather(*(accept(own, f"before-{n}") for n in range(5)))
    await server.stop()
    await server.start()
    assert all(await asyncio.gather(*(accept(own, f"after-{n}") for n in range(5))))


async def test_a_stop_in_the_middle_keeps_nothing(server: Switched, own: PostgresStore):
    async def cut_off(*, then_add: bool) -> None:
        async with own.transaction() as t:
            await t.events.add(event("e1"))
            await server.stop()
            if then_add:
                await t.events.add(event("e2"))

    for then_add in (True, False):
        with pytest.raises(Unavailable):
            await cut_off(then_add=then_add)
        await server.start()
    async with own.transaction() as t:
        assert await t.events.next(t.room(HOME)) is None


async def test_an_engine_that_cannot_start_a_job_is_the_database_being_away(
    server: Switched, own: PostgresStore
):
    store = PostgresStore(own.database, DEFERRAL)

    async def accept_with_job() -> None:
        async with store.transaction() as t:
            await t.events.add(event("e1"))
            await server.stop()
            await t.later(Job(kind="handle", room=t.room(HOME)))

    with pytest.raises(Unavailable):
        await accept_with_job()


async def test_no_free_connection_is_unavailable(clean_url: str):
    narrow = Database(clean_url, KEYRING, pool_size=1, pool_timeout=0.05)
    async with narrow.begin():
        with pytest.raises(Unavailable):
            async with narrow.begin():
                pass
    async with narrow.begin() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
    await narrow.close()


async def test_a_frozen_transaction_loses_its_locks(database: Database):
    mine = text("SELECT pg_backend_pid()")
    gone = text("SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = :pid")

    async def freeze() -> None:
        async with database.begin() as frozen:
            pid = (await frozen.execute(mine)).scalar_one()
            short = "SET LOCAL idle_in_transaction_session_timeout = '10ms'"
            await frozen.execute(text(short))
            async with asyncio.timeout(PATIENCE_S), database.engine.connect() as watcher:
                while not (await watcher.execute(gone, {"pid": pid})).scalar_one():
                    await watcher.rollback()
            await frozen.execute(mine)

    with pytest.raises(Unavailable):
        await freeze()


async def test_the_limits_are_set(database: Database):
    async with database.begin() as connection:
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            value = (await connection.execute(text(f"SHOW {name}"))).scalar_one()
            assert value != "0"


async def test_a_lost_race_is_a_conflict(database: Database):
    add = text("INSERT INTO rooms (room, last_seq) VALUES ('r', 1)")

    async def add_twice() -> None:
        async with database.begin() as connection:
            await connection.execute(add)
            await connection.execute(add)

    with pytest.raises(Conflict):
        await add_twice()


async def test_a_job_that_cannot_start_takes_the_transaction_with_it(database: Database):
    store = PostgresStore(database, Deferral("no_such_function()", lambda _: {}))

    async def accept_with_job() -> None:
        async with store.transaction() as t:
            await t.events.add(event("e1"))
            await t.later(Job(kind="handle", room=t.room(HOME)))

    for taking in (accept_with_job, lambda: store.take(event("e1"))):
        with pytest.raises(DBAPIError):
            await taking()
    async with store.transaction() as t:
        assert await t.events.next(t.room(HOME)) is None

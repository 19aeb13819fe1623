"""The store on PostgreSQL does what the suite says."""

from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from typing_extensions import override

from bot.domain.ports import Job
from bot.store.postgres import PostgresStore
from bot.store.processes import leave
from tests.conformance.store_suite import StoreSuite
from tests.integration.store.conftest import jobs

pytestmark = pytest.mark.integration


class TestPostgresStore(StoreSuite):
    @pytest.fixture
    @override
    def store(self, live_store: PostgresStore) -> PostgresStore:
        return live_store

    @pytest.fixture
    @override
    def other(self, twin_store: PostgresStore) -> PostgresStore:
        return twin_store

    @pytest.fixture
    @override
    def started(self, store: PostgresStore) -> Callable[[], Awaitable[list[Job]]]:
        return partial(jobs, store.database)

    @pytest.fixture
    @override
    def bury(self, other: PostgresStore) -> Callable[[], Awaitable[None]]:
        async def stop() -> None:
            async with other.database.begin() as connection:
                await leave(connection, other.database.tables, other.me)

        return stop

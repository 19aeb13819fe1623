"""One engine per process: pools, time-outs, and foreign errors turned into ours."""

import select
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
import psycopg.errors
import sqlalchemy.exc
from sqlalchemy import event
from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.domain.errors import Conflict, SettingsError, Unavailable
from bot.store.keyring import Keyring
from bot.store.tables import Tables

_AWAY = (
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.TimeoutError,  # every connection of the pool is in use
    psycopg.OperationalError,
)
_LOST_RACE = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)
_LIMITS = {
    "statement_timeout": "20s",
    "idle_in_transaction_session_timeout": "10s",  # a frozen process lets go of its row locks
}
REACHING: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 30,  # a server that vanished without a word is noticed in a minute
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
"""How every connection is made."""


_NOT_AWAY = ("54", "57014")
"""SQLSTATEs of failures that are the statement's own: too large for the server, or too slow."""


@contextmanager
def mapped_errors() -> Iterator[None]:
    """A database away, restarting or full is `Unavailable`; a lost race is a `Conflict`."""
    try:
        yield
    except sqlalchemy.exc.DBAPIError as exc:
        if isinstance(exc.orig, _LOST_RACE):
            raise Conflict("somebody else wrote the same rows first") from exc
        state = getattr(exc.orig, "sqlstate", None) or ""
        if exc.connection_invalidated or (
            isinstance(exc, _AWAY) and not state.startswith(_NOT_AWAY)
        ):
            raise Unavailable("the database is away") from exc
        raise
    except _AWAY as exc:
        raise Unavailable("the database is away") from exc


class Database:
    """A pool to one PostgreSQL, and the tables as seen through one key ring."""

    def __init__(
        self, url: str, keyring: Keyring, *, pool_size: int = 10, pool_timeout: float = 5
    ) -> None:
        self.url = driverless(url)
        self.keyring = keyring
        self.tables = Tables(keyring)
        self.engine: AsyncEngine = create_async_engine(
            self.driver_url,
            pool_size=pool_size,
            max_overflow=0,  # an overflowing connection is made, and closed, for one use
            pool_use_lifo=True,  # the last one used has its statements prepared, and is warm
            pool_timeout=pool_timeout,
            hide_parameters=True,  # values never reach an error message
            connect_args=REACHING | {"options": _options(_LIMITS)},
        )
        self._reading = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        event.listen(self.engine.sync_engine, "checkout", _refuse_dead)

    @property
    def driver_url(self) -> str:
        """The URL as SQLAlchemy wants it."""
        return self.url.replace("postgresql://", "postgresql+psycopg://", 1)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """One transaction. Raises `Unavailable` while the database is away."""
        with mapped_errors():
            async with self.engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose statements stand alone. Raises `Unavailable`."""
        with mapped_errors():
            async with self._reading.connect() as connection:
                yield connection

    async def close(self) -> None:
        """Close the pool."""
        await self.engine.dispose()


def _options(limits: Mapping[str, str]) -> str:
    return " ".join(f"-c {name}={value}" for name, value in limits.items())


def _refuse_dead(connection: AdaptedConnection, _record: object, _proxy: object) -> None:
    """Have the pool replace a connection whose server has gone, without asking over the wire."""
    if hung_up(connection.driver_connection.pgconn.socket):
        raise sqlalchemy.exc.DisconnectionError


def hung_up(socket: int) -> bool:
    """Whether the server of an idle connection has something to say: that can only be goodbye."""
    asked = select.poll()  # needs no descriptor of its own, unlike a selector
    asked.register(socket, select.POLLIN)
    return bool(asked.poll(0))


def driverless(url: str) -> str:
    """A URL as libpq knows it: `postgres://` and SQLAlchemy's driver suffixes are accepted."""
    for prefix in ("postgresql+psycopg://", "postgresql+asyncpg://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql://" + url.removeprefix(prefix)
    if not url.startswith("postgresql://"):
        raise SettingsError(
            ["database.url: must start with postgresql:// (PostgreSQL is the only database)"]
        )
    return url

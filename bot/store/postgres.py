"""The store: one transaction object with everything a turn needs."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.message import Address, Inbound
from bot.domain.ports import Job, PlainTurn
from bot.store import turning
from bot.store.consents import PostgresConsents
from bot.store.conversations import PostgresConversations
from bot.store.database import Database
from bot.store.events import PostgresEvents
from bot.store.feed import PostgresFeed
from bot.store.outbox import PostgresOutbox
from bot.store.pulse import Pulse
from bot.store.results import PostgresResults
from bot.store.tables import Tables
from bot.store.taking import Deferral, Taking
from bot.store.timers import PostgresComposing, PostgresTimers
from bot.store.transcript import PostgresTranscript


@dataclass(frozen=True, slots=True)
class PostgresTransaction:
    """One commit."""

    events: PostgresEvents
    conversations: PostgresConversations
    transcript: PostgresTranscript
    outbox: PostgresOutbox
    timers: PostgresTimers
    composing: PostgresComposing
    feed: PostgresFeed
    results: PostgresResults
    consents: PostgresConsents
    connection: AsyncConnection
    tables: Tables
    deferral: Deferral

    def room(self, address: Address) -> str:
        return self.tables.keyring.digest(address.key())

    async def later(self, job: Job) -> None:
        await self.deferral.start(self.connection, job)


class PostgresStore:
    """Transactions on PostgreSQL.

    `me` names this process in rows it is sending. `deferral` is given by the composition root:
    the store starts jobs without knowing the engine. `pulse` is this process's own heart; without
    one (a command beside a server) others' hearts are judged as they look.
    """

    def __init__(self, database: Database, deferral: Deferral, pulse: Pulse | None = None) -> None:
        self.database = database
        self.pulse = pulse
        self.me = secrets.token_hex(8)
        self._deferral = deferral
        self._taking = Taking(database.tables, deferral)
        self._sending: set[int] = set()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        """Open a transaction. Raises `Unavailable` while the database is away."""
        claimed: set[int] = set()
        try:
            async with self.database.begin() as connection:
                yield self._on(connection, claimed)
        except BaseException:
            self._sending -= claimed  # marks that may not have been committed
            raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[PostgresTransaction]:
        """Open what only reads or signals: each statement stands alone. Raises `Unavailable`."""
        async with self.database.reading() as connection:
            yield self._on(connection, set())

    async def take(self, event: Inbound, *, shown: bytes | None = None) -> bool:
        """Take one event in. Raises `Unavailable`."""
        async with self.database.reading() as connection:
            return await self._taking.take(connection, event, shown)

    async def finish(self, turn: PlainTurn) -> bool:
        """End a turn that only talks. Raises `Conflict` and `Unavailable`."""
        async with self.database.reading() as connection:
            return await turning.finish(connection, self.database.tables, turn)

    def steady(self) -> bool:
        """Whether this process may take others for dead."""
        return self.pulse is None or self.pulse.steady()

    def idle(self, row_id: int) -> None:
        """Say that this process is no longer at work on a row it claimed."""
        self._sending.discard(row_id)

    def _on(self, connection: AsyncConnection, claimed: set[int]) -> PostgresTransaction:
        tables = self.database.tables
        outbox = PostgresOutbox(
            connection,
            tables,
            me=self.me,
            busy=self._sending,
            claimed=claimed,
            steady=self.steady,
        )
        return PostgresTransaction(
            events=PostgresEvents(connection, tables),
            conversations=PostgresConversations(connection, tables),
            transcript=PostgresTranscript(connection, tables),
            outbox=outbox,
            timers=PostgresTimers(connection, tables),
            composing=PostgresComposing(connection, tables),
            feed=PostgresFeed(connection, tables, outbox),
            results=PostgresResults(connection, tables),
            consents=PostgresConsents(connection, tables),
            connection=connection,
            tables=tables,
            deferral=self._deferral,
        )

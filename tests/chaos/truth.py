"""What the database says: what is at risk at a kill, what is left to do, what was done."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psycopg
from sqlalchemy import func, select

from bot.domain.errors import Unavailable
from bot.store.database import Database
from bot.store.keyring import load_keyring

QUIET_S = 60
_AWAY_S = 60
_LOOK_S = 0.2

_SENDING = "SELECT id, sending_by, tries, key FROM outbox WHERE state = 'sending'"
_OPEN = (
    "SELECT (SELECT count(*) FROM events WHERE state = 'undone'),"
    " (SELECT count(*) FROM outbox WHERE state IN ('unsent', 'sending'))"
)
_LEFT = {
    "events": "SELECT id, room, tries, error FROM events WHERE state = 'undone'",
    "outbox": "SELECT id, room, state, sending_by, tries, due_at FROM outbox"
    " WHERE state IN ('unsent', 'sending')",
    "processes": "SELECT id, clock_timestamp() - seen_at FROM processes",
    "jobs": "SELECT id, lock, status, worker_id, attempts FROM procrastinate_jobs",
    "workers": "SELECT id, now() - last_heartbeat FROM procrastinate_workers",
}
"""What tells why work does not end; none of it holds words."""


@dataclass(frozen=True, slots=True)
class Marking:
    """One attempt to send one row: what may be sent twice if its process dies now."""

    row: int
    by: str
    tries: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What the tables hold in the end: events and lines by hashed key, answers by event.

    `answers` counts the outbox rows of each event without the greeting. `gaps` are transcript
    numbers taken by a turn that then left no line: a turn that was committed twice.
    """

    events: Counter[str]
    heard: Counter[str]
    answers: Counter[str]
    gaps: int


class Truth:
    """The database of a scenario, looked at from outside."""

    def __init__(self, url: str, keys: str) -> None:
        self._url = url
        self._keyring = load_keyring(keys)

    def digest(self, key: str) -> str:
        """A key as the tables hold it."""
        return self._keyring.digest(key)

    async def sending(self) -> set[Marking]:
        """What is being sent at this moment."""
        async with self._connection() as connection:
            rows = await (await connection.execute(_SENDING)).fetchall()
        return {Marking(*row) for row in rows}

    async def quiet(self) -> bool:
        """Wait until nothing is undone or unsent; False when that takes too long."""
        for _ in range(int(QUIET_S / _LOOK_S)):
            async with self._connection() as connection:
                left = await (await connection.execute(_OPEN)).fetchone()
            if left == (0, 0):
                return True
            await asyncio.sleep(_LOOK_S)
        return False

    async def left(self) -> list[str]:
        """What is left to do, and who could be at it."""
        async with self._connection() as connection:
            return [
                f"{name} {' '.join(map(str, row))}"
                for name, statement in _LEFT.items()
                for row in await (await connection.execute(statement)).fetchall()
            ]

    async def done(self) -> Done:
        """Read everything that was done."""
        database = Database(self._url, self._keyring)
        try:
            return await self._read(database)
        finally:
            await database.close()

    async def _read(self, database: Database) -> Done:
        t = database.tables
        events, messages, outbox = t["events"], t["messages"], t["outbox"]
        conversations = t["conversations"]
        heard = select(messages.c.key).where(messages.c.author == "customer")
        taken = select(func.coalesce(func.sum(conversations.c.next_seq - 1), 0))
        async with database.begin() as connection:
            done = await connection.execute(select(events.c.key).where(events.c.state == "done"))
            lines = await connection.execute(heard)
            rows = await connection.execute(select(outbox.c.body))
            numbers = (await connection.execute(taken)).scalar_one()
            kept = (await connection.execute(select(func.count()).select_from(messages))).scalar()
            return Done(
                events=Counter(done.scalars()),
                heard=Counter(lines.scalars()),
                answers=Counter(row.trace for row in rows.scalars() if row.author == "bot"),
                gaps=int(numbers) - int(kept or 0),
            )

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[psycopg.AsyncConnection]:
        """A connection, as soon as the server takes one."""
        connection = await self._connected()
        async with connection:
            yield connection

    async def _connected(self) -> psycopg.AsyncConnection:
        for _ in range(int(_AWAY_S / _LOOK_S)):
            try:
                return await psycopg.AsyncConnection.connect(self._url, connect_timeout=2)
            except psycopg.OperationalError:
                await asyncio.sleep(_LOOK_S)
        raise Unavailable("the database does not come back")

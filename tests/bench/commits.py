"""Commits per message, read off PostgreSQL itself.

Every transaction that writes takes one number, so the distance between two numbers is how many
there were. The job engine writes one commit for each job fetched (an update of its row) and one
for each job ended (a deletion); what is left is the product's own. Heartbeats, which come by the
second and not by the message, are measured at rest and taken off.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import LiteralString

import psycopg

from tests.bench.figures import Report, at_most

REST_S = 5
_FLUSHED_S = 11
"""A session writes its statistics down after ten seconds at rest, at the latest."""
_WRITES = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
_ENGINE = (
    "SELECT n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE relname = 'procrastinate_jobs'"
)
_ALL = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Transactions since ever: that wrote, that the engine wrote, all of them; and when."""

    writes: int
    engine: int
    every: int
    at: float


async def _look(url: str) -> Counts:
    await asyncio.sleep(_FLUSHED_S)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        return Counts(
            writes=await _number(connection, _WRITES),
            engine=await _number(connection, _ENGINE),
            every=await _number(connection, _ALL),
            at=perf_counter(),
        )


async def _number(connection: psycopg.AsyncConnection, statement: LiteralString) -> int:
    row = await (await connection.execute(statement)).fetchone()
    return int(row[0]) if row else 0


@asynccontextmanager
async def counted(url: str, report: Report, messages: int) -> AsyncIterator[None]:
    """Count the commits of so many messages, handled meanwhile; only they may happen."""
    rest = await _look(url)
    await asyncio.sleep(REST_S)
    before = await _look(url)
    yield
    after = await _look(url)
    idle, busy = before.at - rest.at, after.at - before.at

    def per_message(name: str) -> float:
        at_rest = (getattr(before, name) - getattr(rest, name)) / idle
        return float(getattr(after, name) - getattr(before, name) - at_rest * busy) / messages

    writes, engine, every = (per_message(name) for name in ("writes", "engine", "every"))
    report.add("write commits per message, the product's own", writes - engine, "", at_most(4))
    report.add("write commits per message, the job engine's", engine, "")
    report.add("transactions per message that only read", every - writes, "")

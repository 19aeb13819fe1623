"""The job engine's tasks, and starting them inside the store's transactions."""

from typing import Any

import procrastinate
import psycopg
from procrastinate import PsycopgConnector
from psycopg_pool import AsyncConnectionPool

from bot.domain.ports import Job
from bot.store.database import hung_up
from bot.store.taking import Deferral

TALK, THINK = "talk", "think"
"""The queues: short work that answers customers, and slow thinking that must not be in its way."""

_PATIENCE_S = 5
"""Seconds that work waits for a connection of the engine's before it gives up."""

QUEUES = {"handle": TALK, "deliver": TALK, "compose": THINK}


def job_app(url: str) -> procrastinate.App:
    """An engine on a database; its own small pool is for fetching and finishing jobs."""
    connector = PsycopgConnector(
        conninfo=url,
        min_size=1,
        max_size=6,
        timeout=_PATIENCE_S,
        reconnect_timeout=_PATIENCE_S,  # its waits double: a longer one sleeps on when all is well
        configure=_each_statement_a_commit,
        pool_factory=_pool,
    )
    return procrastinate.App(connector=connector)


async def _each_statement_a_commit(connection: psycopg.AsyncConnection[Any]) -> None:
    """The engine's own statements stand alone: a transaction around each is two trips more."""
    await connection.set_autocommit(True)


def _pool(**given: Any) -> AsyncConnectionPool[Any]:  # noqa: ANN401  what the engine passes on
    """The engine's pool, asking the socket and not the server whether a connection lives."""

    async def alive(connection: psycopg.AsyncConnection[Any]) -> None:
        if hung_up(connection.pgconn.socket):
            await pool.drain()  # the others are as dead, and the pool would try each for seconds
            raise psycopg.OperationalError("the server has hung up")

    pool: AsyncConnectionPool[Any] = AsyncConnectionPool(**(given | {"check": alive}))
    return pool


def _queued(job: Job) -> dict[str, object]:
    """A job as the engine keeps it. Duplicates are harmless: the tables say what is to be done."""
    name, given = ("ref", job.ref) if job.ref else ("room", job.room)
    queued = {"queue": QUEUES[job.kind], "task": job.kind, "lock": lock_of(job)}
    return queued | {"name": name, "id": given, "due": job.due_at}


DEFERRAL = Deferral(
    "procrastinate_defer_jobs_v1(ARRAY[ROW("
    ":queue, :task, 0, :lock, NULL, jsonb_build_object(CAST(:name AS text), CAST(:id AS text)), "
    "CAST(:due AS timestamptz))::procrastinate_job_to_defer_v1])",
    _queued,
)
"""The engine's own function; its builder and its log lines cost as much as the row."""


def lock_of(job: Job) -> str:
    """What jobs of one kind share when they must not run at the same time."""
    return f"{job.kind}:{job.ref or job.room}"


async def prepare_schema(app: procrastinate.App, connection: psycopg.AsyncConnection[Any]) -> None:
    """Create the engine's tables once; many replicas may start at the same time."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext('careline-jobs'))")
        found = await connection.execute("SELECT to_regclass('procrastinate_jobs')")
        row = await found.fetchone()
        if row is None or row[0] is None:
            await connection.execute(app.schema_manager.get_schema().encode())

"""The loops beside the workers: heartbeat, due timers, and what was left behind."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import text

from bot.core.clockwork import Clockwork
from bot.domain.errors import CarelineError
from bot.domain.ports import Clock, Job
from bot.store.database import Database
from bot.store.postgres import PostgresStore, PostgresTransaction
from bot.store.processes import PATIENCE_S, beat, prune
from bot.store.tidy import tidy
from bot.work.jobs import lock_of

log = logging.getLogger("careline.work")

EVERY_S = 1.0
TIDY_S = 60.0
LEARN_S = 2.0
PATIENCE = timedelta(seconds=3)
"""How long work may lie undone without a job before the sweep starts one."""

_FREE_STALLED = text(
    "DELETE FROM procrastinate_jobs AS job WHERE job.status = 'doing' AND NOT EXISTS ("
    "SELECT FROM procrastinate_workers AS worker WHERE worker.id = job.worker_id "
    "AND worker.last_heartbeat > now() - make_interval(secs => :patience))"
)
"""Deletes the jobs of workers whose heart has stopped, which frees their locks.

They are not retried: a frozen worker that wakes would delete the revived job.
"""
_LIVE = text(
    "SELECT lock FROM procrastinate_jobs WHERE lock = ANY(:locks) AND status IN ('todo', 'doing')"
)


async def every_second(
    name: str, act: Callable[[], Awaitable[object]], seconds: float = EVERY_S
) -> None:
    """Do something each second (or so many) for ever; a failure is logged and life goes on."""
    while True:
        try:
            await act()
        except CarelineError as exc:
            log.warning("loop_failed", extra={"loop": name, "error": type(exc).__name__})
        except Exception as exc:  # a loop that ends is worse than any error in it
            log.exception("loop_failed", extra={"loop": name, "error": type(exc).__name__})
        await asyncio.sleep(seconds)


class Sweep:
    """Starts jobs for what is undone, unsent or uncomposed without a live job."""

    def __init__(self, store: PostgresStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self) -> int:
        """One sweep; how many jobs it started. Nothing while our own heart is not steady."""
        if not self._store.steady():
            return 0
        async with self._store.transaction() as transaction:
            await transaction.connection.execute(_FREE_STALLED, {"patience": PATIENCE_S})
            await prune(transaction.connection, transaction.tables)
            wanted = await self._left_behind(transaction)
            live = await self._live(transaction, [lock_of(job) for job in wanted])
            orphans = [job for job in wanted if lock_of(job) not in live]
            for job in orphans:
                await transaction.later(job)
        return len(orphans)

    async def _left_behind(self, transaction: PostgresTransaction) -> list[Job]:
        now, patience = self._clock.now(), PATIENCE.total_seconds()
        events = await transaction.events.left_behind(patience)
        rows = await transaction.outbox.left_behind(now, PATIENCE)
        composes = await transaction.composing.left_behind(patience)
        return [
            *(Job(kind="handle", room=room) for room in events),
            *(Job(kind="deliver", room=room) for room in rows),
            *(Job(kind="compose", room=room, ref=ref) for room, ref in composes),
        ]

    async def _live(self, transaction: PostgresTransaction, locks: list[str]) -> set[str]:
        if not locks:
            return set()
        rows = await transaction.connection.execute(_LIVE, {"locks": locks})
        return set(rows.scalars())


class Heartbeat:
    """Writes that this process is alive, on a connection that no other work can keep waiting."""

    def __init__(self, store: PostgresStore, beside: Database, kind: str) -> None:
        self._store = store
        self._beside = beside
        self._kind = kind

    async def __call__(self) -> None:
        async with self._beside.begin() as connection:
            await beat(connection, self._beside.tables, self._store.me, self._kind)
        if self._store.pulse is not None:
            self._store.pulse.beat()


class Tidy:
    """Throws away what has served its purpose, a bite at a time."""

    def __init__(self, store: PostgresStore) -> None:
        self._database = store.database

    async def __call__(self) -> int:
        async with self._database.begin() as connection:
            return await tidy(connection, self._database.tables)


class Timers:
    """Fires due timers."""

    def __init__(self, clockwork: Clockwork) -> None:
        self._clockwork = clockwork

    async def __call__(self) -> int:
        return await self._clockwork.tick()

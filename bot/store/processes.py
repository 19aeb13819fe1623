"""Which processes are alive: each writes its heartbeat; a stopped heart frees its rows."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import Tables

PATIENCE_S = 4
"""Seconds without a heartbeat after which a process is taken for dead."""


async def beat(connection: AsyncConnection, tables: Tables, me: str, kind: str) -> None:
    """Say that this process is alive, by the database's clock."""
    t = tables["processes"]
    row = {"id": me, "kind": kind, "seen_at": func.clock_timestamp()}
    await connection.execute(
        insert(t).values(row).on_conflict_do_update(index_elements=["id"], set_=row)
    )


async def leave(connection: AsyncConnection, tables: Tables, me: str) -> None:
    """Say goodbye, so that nobody waits for us."""
    t = tables["processes"]
    await connection.execute(delete(t).where(t.c.id == me))


async def prune(connection: AsyncConnection, tables: Tables) -> None:
    """Forget processes that died without a goodbye, an hour after their last heartbeat."""
    t = tables["processes"]
    await connection.execute(delete(t).where(t.c.seen_at < _ago(3600)))


async def is_live(connection: AsyncConnection, tables: Tables, process: str | None) -> bool:
    """Whether a process's heart beats."""
    t = tables["processes"]
    statement = select(t.c.id).where(t.c.id == process, t.c.seen_at > _ago(PATIENCE_S))
    return (await connection.execute(statement)).first() is not None


async def workers(connection: AsyncConnection, tables: Tables) -> int:
    """How many live processes do the work."""
    t = tables["processes"]
    statement = select(func.count()).where(t.c.kind != "web", t.c.seen_at > _ago(PATIENCE_S))
    return int((await connection.execute(statement)).scalar_one())


def _ago(seconds: float) -> ColumnElement[datetime]:
    return func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, 0, seconds)

"""Timers and compose jobs: what is to be looked at again, and what is being thought about."""

from datetime import datetime

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.conversation import Compose, Timer
from bot.domain.writing import Spent, Usage
from bot.store.tables import Tables


class PostgresTimers:
    """Timer rows of one transaction."""

    def __init__(self, connection: AsyncConnection, tables: Tables) -> None:
        self._connection = connection
        self._table = tables["timers"]

    async def set(self, timer: Timer) -> None:
        what = {"due_at": timer.due_at, "version": timer.version, "ref": timer.ref}
        statement = (
            insert(self._table)
            .values(conversation=timer.conversation, kind=timer.kind, **what)
            .on_conflict_do_update(index_elements=["conversation", "kind"], set_=what)
        )
        await self._connection.execute(statement)

    async def take_due(self, now: datetime, *, limit: int = 100) -> tuple[Timer, ...]:
        t = self._table
        due = (
            select(t.c.conversation, t.c.kind)
            .where(t.c.due_at <= now)
            .order_by(t.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        statement = (
            delete(t)
            .where(tuple_(t.c.conversation, t.c.kind).in_(due))
            .returning(t.c.conversation, t.c.kind, t.c.due_at, t.c.version, t.c.ref)
        )
        rows = await self._connection.execute(statement)
        taken = (
            Timer(
                kind=r.kind,
                conversation=r.conversation,
                due_at=r.due_at,
                version=r.version,
                ref=r.ref,
            )
            for r in rows
        )
        return tuple(sorted(taken, key=lambda timer: timer.due_at))


class PostgresComposing:
    """Compose rows of one transaction."""

    def __init__(self, connection: AsyncConnection, tables: Tables) -> None:
        self._connection = connection
        self._table = tables["composes"]
        self._costs = tables["costs"]

    async def add(self, compose: Compose) -> None:
        row = {"id": compose.id, "room": compose.conversation, "body": compose}
        await self._connection.execute(insert(self._table).values(row).on_conflict_do_nothing())

    async def get(self, compose_id: str) -> Compose | None:
        statement = select(self._table.c.body).where(self._table.c.id == compose_id)
        return (await self._connection.execute(statement)).scalar_one_or_none()

    async def done(self, compose_id: str) -> None:
        await self._connection.execute(delete(self._table).where(self._table.c.id == compose_id))

    async def spend(self, spent: Spent) -> None:
        t, used = self._costs, spent.usage
        counted = {
            "tokens_in": used.tokens_in,
            "tokens_out": used.tokens_out,
            "micros": used.micros,
        }
        row = {"at": spent.at, "ended": spent.ended, "model": used.model, "line": spent.line}
        statement = insert(t).values(job=spent.job, **row, **counted)
        both = {name: t.c[name] + statement.excluded[name] for name in counted}
        again = statement.on_conflict_do_update(index_elements=["job"], set_=row | both)
        await self._connection.execute(again)

    async def spent(self, since: datetime) -> Usage:
        t = self._costs
        sums = (func.coalesce(func.sum(c), 0) for c in (t.c.tokens_in, t.c.tokens_out, t.c.micros))
        rows = await self._connection.execute(select(*sums).where(t.c.at >= since))
        tokens_in, tokens_out, micros = (int(total) for total in rows.one())
        return Usage(tokens_in=tokens_in, tokens_out=tokens_out, micros=micros)

    async def left_behind(self, seconds: float) -> tuple[tuple[str, str], ...]:
        """(conversation, id) of jobs older than this."""
        t = self._table
        old = t.c.created_at < func.now() - func.make_interval(0, 0, 0, 0, 0, 0, seconds)
        rows = await self._connection.execute(select(t.c.room, t.c.id).where(old))
        return tuple((r.room, r.id) for r in rows)

"""Throwing away what has served its purpose: settled messages and done events, in small bites."""

from datetime import timedelta

from sqlalchemy import Select, Table, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.events import rows_of
from bot.store.tables import Tables

SETTLED_KEPT = timedelta(days=7)
EVENTS_KEPT = timedelta(days=30)
"""An event's key is what a late redelivery is known by; platforms give up after days."""
_BITE = 1000


async def tidy(connection: AsyncConnection, tables: Tables) -> int:
    """Delete one bite of each; how many rows went. What was said stays in the transcript."""
    outbox, events = tables["outbox"], tables["events"]
    settled = select(outbox.c.id).where(outbox.c.settled_at < func.now() - SETTLED_KEPT)
    done = select(events.c.id).where(
        events.c.state == "done", events.c.received_at < func.now() - EVENTS_KEPT
    )
    return await _bite(connection, outbox, settled) + await _bite(connection, events, done)


async def _bite(connection: AsyncConnection, table: Table, old: Select[int]) -> int:
    statement = delete(table).where(table.c.id.in_(old.limit(_BITE)))
    return rows_of(await connection.execute(statement))

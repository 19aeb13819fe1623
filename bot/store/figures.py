"""What operators watch: how much waits, how long, and who works."""

from dataclasses import dataclass

from sqlalchemy import func, select

from bot.store.database import Database
from bot.store.events import PostgresEvents
from bot.store.processes import workers
from bot.store.tables import OPEN, PARKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One look at the tables. `handoffs` counts the open ones by holder."""

    handoffs: dict[str, int]
    oldest_event_s: float
    outbox_open: int
    parked: int
    composing: int
    workers: int


async def figures(database: Database) -> Figures:
    """Count what is open; every count is over a partial index or a small table."""
    t = database.tables
    h, count = t["handoffs"], func.count()
    states = select(h.c.state, count.label("number")).where(h.c.state != "ended")
    waiting = select(
        select(count).select_from(t["outbox"]).where(OPEN).scalar_subquery(),
        select(count).select_from(t["events"]).where(PARKED).scalar_subquery(),
        select(count).select_from(t["composes"]).scalar_subquery(),
    )
    async with database.begin() as connection:
        rows = await connection.execute(states.group_by(h.c.state))
        handoffs = {row.state: row.number for row in rows}
        outbox_open, parked, composing = (await connection.execute(waiting)).one()
        return Figures(
            handoffs=handoffs,
            oldest_event_s=await PostgresEvents(connection, t).oldest_age(),
            outbox_open=outbox_open,
            parked=parked,
            composing=composing,
            workers=await workers(connection, t),
        )

"""What only the database knows for the metrics: ages and counts, no words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.store.database import Database
from bot.store.engine_tables import OPEN, PARKED
from bot.store.events import PostgresEvents
from bot.store.processes import workers
from bot.store.results import PostgresTally


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """One reading. `handoffs` counts open ones by (line, state).

    `csat` counts ratings by (line, score), `outcomes` ended conversations by (line, outcome).
    """

    queue_age_s: float
    unsent: int
    parked: int
    workers: int
    handoffs: dict[tuple[str, str], int]
    csat: dict[tuple[str, int], int]
    outcomes: dict[tuple[str, str], int]


async def read_counts(database: Database, since: datetime) -> Counts:
    """Read all of it; every query is served by an index. Results count `since` a moment."""
    t = database.tables
    tally = PostgresTally(database)
    csat, outcomes = await tally.ratings(since), await tally.endings(since)
    outbox, events, handoffs = t["outbox"], t["events"], t["handoffs"]
    async with database.begin() as connection:
        unsent = select(func.count()).select_from(outbox).where(OPEN)
        parked = select(func.count()).select_from(events).where(PARKED)
        by_state = (
            select(handoffs.c.line, handoffs.c.state, func.count())
            .where(handoffs.c.state != "ended")
            .group_by(handoffs.c.line, handoffs.c.state)
        )
        rows = (await connection.execute(by_state)).all()
        return Counts(
            queue_age_s=await PostgresEvents(connection, t).oldest_age(),
            unsent=int((await connection.execute(unsent)).scalar_one()),
            parked=int((await connection.execute(parked)).scalar_one()),
            workers=await workers(connection, t),
            handoffs={(line, state): count for line, state, count in rows},
            csat=csat,
            outcomes=outcomes,
        )

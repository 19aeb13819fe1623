"""What `/readyz` asks of the running parts, and what is read from the database for `/metrics`."""

from collections.abc import Collection
from datetime import timedelta
from typing import Protocol

from sqlalchemy import text

from bot.domain.errors import Unavailable
from bot.domain.ports import Edition
from bot.main import App
from bot.server.health import Check
from bot.store.counts import Counts, read_counts
from bot.store.database import Database
from bot.store.processes import workers

RESULTS = timedelta(days=30)
"""How far back metrics count ratings and outcomes."""


def database_check(database: Database) -> Check:
    """The database answers."""

    async def check() -> str | None:
        async with database.begin() as connection:
            await connection.execute(text("SELECT 1"))
        return None

    return check


class Shelves(Protocol):
    """What a library tells of itself."""

    def editions(self) -> tuple[Edition, ...]:
        """What is being served."""
        ...

    def ailing(self) -> tuple[str, ...]:
        """What is live and cannot be searched."""
        ...


def knowledge_check(library: Shelves, wanted: Collection[str]) -> Check:
    """Every line's knowledge base is served."""

    async def check() -> str | None:
        ailing = set(library.ailing()) & set(wanted)
        missing = set(wanted) - ailing - {edition.kb for edition in library.editions()}
        faults = []
        if missing:
            faults.append(f"no live version of {', '.join(sorted(missing))}: run careline ingest")
        if ailing:
            faults.append(f"{', '.join(sorted(ailing))} cannot be searched: the log says why")
        return "; ".join(faults) or None

    return check


def worker_check(database: Database) -> Check:
    """Somebody does the work."""

    async def check() -> str | None:
        async with database.begin() as connection:
            alive = await workers(connection, database.tables)
        return None if alive else "no worker is alive: run careline work"

    return check


async def scraped(app: App) -> bytes:
    """The metrics text, with the gauges that only the database knows."""
    try:
        since = app.storage.clock.now() - RESULTS
        _set(app, await read_counts(app.storage.database, since))
    except Unavailable:
        app.metrics.failures.labels("Unavailable").inc()
    return app.metrics.render()


def _set(app: App, counts: Counts) -> None:
    m = app.metrics
    m.queue_age.set(counts.queue_age_s)
    m.unsent.set(counts.unsent)
    m.parked.set(counts.parked)
    m.workers.set(counts.workers)
    m.handoffs.clear()
    for (line, state), count in counts.handoffs.items():
        m.handoffs.labels(line, state).set(count)
    m.csat.clear()
    for (line, score), count in counts.csat.items():
        m.csat.labels(line, str(score)).set(count)
    m.outcomes.clear()
    for (line, end), count in counts.outcomes.items():
        m.outcomes.labels(line, end).set(count)

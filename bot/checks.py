"""What `/readyz` asks of the running parts, and what is read from the database for `/metrics`."""

from collections.abc import Collection

from sqlalchemy import text

from bot.domain.errors import Unavailable
from bot.main import App
from bot.server.health import Check
from bot.store.counts import Counts, read_counts
from bot.store.database import Database
from bot.store.processes import workers
from knowledge.library import ChromaLibrary


def database_check(database: Database) -> Check:
    """The database answers."""

    async def check() -> str | None:
        async with database.begin() as connection:
            await connection.execute(text("SELECT 1"))
        return None

    return check


def knowledge_check(library: ChromaLibrary, wanted: Collection[str]) -> Check:
    """Every line's knowledge base is loaded."""

    async def check() -> str | None:
        have = {edition.kb for edition in library.editions()}
        missing = sorted(set(wanted) - have)
        return f"no live version of {', '.join(missing)}: run careline ingest" if missing else None

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
        _set(app, await read_counts(app.storage.database))
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

"""The versions of knowledge bases in PostgreSQL: what was live when, and back to one of them."""

from datetime import datetime

from sqlalchemy import and_, func, insert, select, update

from bot.domain.errors import KnowledgeError
from bot.domain.ports import Publication
from bot.store.database import Database


class PostgresArchive:
    """Reads what publishing has written down, and moves the pointer to the live version."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._t = database.tables

    async def publications(self, kb: str) -> tuple[Publication, ...]:
        p, e = self._t["publications"], self._t["editions"]
        joined = and_(e.c.kb == p.c.kb, e.c.version == p.c.version)
        statement = (
            select(p, e.c.version.is_not(None).label("kept"))
            .join(e, joined, isouter=True)
            .where(p.c.kb == kb)
            .order_by(p.c.id.desc())
        )
        async with self._database.begin() as connection:
            rows = (await connection.execute(statement)).all()
        return tuple(
            Publication(
                kb=kb, version=r.version, act=r.act, at=r.at, articles=r.articles, kept=r.kept
            )
            for r in rows
        )

    async def restore(self, kb: str, version: int, at: datetime) -> None:
        p, e, live = (self._t[name] for name in ("publications", "editions", "live_editions"))
        async with self._database.begin() as connection:
            # Whoever publishes at this moment waits here, and then sees that it has moved.
            pointer = select(live.c.version).where(live.c.kb == kb).with_for_update()
            await connection.execute(pointer)
            wanted = select(e.c.articles).where(e.c.kb == kb, e.c.version == version)
            articles = (await connection.execute(wanted)).scalar_one_or_none()
            if articles is None:
                raise KnowledgeError(f"Version {version} of {kb} is not kept any more.")
            await connection.execute(update(live).where(live.c.kb == kb).values(version=version))
            told = {"version": version, "act": "rollback", "at": at, "articles": articles}
            await connection.execute(insert(p).values(kb=kb, **told))
            await connection.execute(select(func.pg_notify("careline_kb", kb)))

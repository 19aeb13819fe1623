"""Articles and editions in PostgreSQL: an article row lives from one version until another."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Table, and_, delete, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import ColumnElement

from bot.domain.errors import Conflict
from bot.domain.knowledge import Article
from bot.domain.ports import Edition, Phrasing
from bot.store.database import Database
from bot.store.lessons import PostgresLessons
from bot.store.notices import PostgresNotices

_ARTICLE = TypeAdapter(Article)
_BATCH = 1000
_BITE = 200
"""Articles read at a time: a few milliseconds on the loop."""
_CLOSED = 5
"""So many times as many are read as are wanted: some are not open to everybody."""
_POLL_S = 30.0
# Versions before the live one that stay readable: a process may still be opening one of them.
_KEPT = 2


class PostgresShelf(PostgresLessons):
    """The truth that every index is derived from."""

    def __init__(self, database: Database, notices: PostgresNotices) -> None:
        super().__init__(database)
        self._notices = notices
        self._t = database.tables

    async def live(self) -> tuple[Edition, ...]:
        e, live = self._t["editions"], self._t["live_editions"]
        joined = and_(e.c.kb == live.c.kb, e.c.version == live.c.version)
        async with self._database.begin() as connection:
            rows = await connection.execute(
                select(e).join(live, joined).order_by(e.c.kb.collate("C"))
            )
            return tuple(_edition(row) for row in rows)

    async def articles(self, kb: str, version: int) -> tuple[Article, ...]:
        a = self._t["articles"]
        statement = (
            select(a.c.body)
            .where(_in_version(a, kb, version), self._is_kept(kb, version))
            .order_by(a.c.id.collate("C"))
        )
        found: list[Article] = []
        async with self._database.begin() as connection:
            # A few at a time: a hundred thousand take seconds, in which others want the loop, and
            # a thread that long at work makes them wait for the interpreter just as well.
            some = statement.execution_options(yield_per=_BITE)
            rows = await connection.stream_scalars(some)
            async for bodies in rows.partitions():
                found += [_ARTICLE.validate_json(body) for body in bodies]
        return tuple(found)

    async def questions(self, kb: str, line: str, *, most: int = 20) -> tuple[str, ...]:
        a, live = self._t["articles"], self._t["live_editions"]
        version = select(live.c.version).where(live.c.kb == kb).scalar_subquery()
        statement = (
            select(a.c.body)
            .where(a.c.kb == kb, a.c.since <= version)
            .where(or_(a.c.until.is_(None), a.c.until > version))
            .order_by(a.c.id.collate("C"))
            .limit(most * _CLOSED)
        )
        async with self._database.begin() as connection:
            bodies = (await connection.execute(statement)).scalars().all()
        found = (_ARTICLE.validate_json(body) for body in bodies)
        shown = (one.question for one in found if one.open_to(line) and not one.human_led)
        return tuple(islice(shown, most))

    async def phrasings(self, kb: str, version: int) -> tuple[Phrasing, ...]:
        p = self._t["phrasings"]
        statement = (
            select(p.c.article, p.c.kind, p.c.digest, p.c.vector)
            .where(_in_version(p, kb, version), self._is_kept(kb, version))
            .order_by(p.c.article.collate("C"), p.c.place)
        )
        async with self._database.begin() as connection:
            rows = (await connection.execute(statement)).all()
        return tuple(
            Phrasing(article=r.article, kind=r.kind, digest=r.digest, vector=r.vector) for r in rows
        )

    async def publish(
        self, edition: Edition, articles: Sequence[Article], phrasings: Sequence[Phrasing]
    ) -> int:
        async with self._database.begin() as connection:
            version = await self._advance(connection, edition)
            await self._replace(
                connection,
                self._t["articles"],
                edition.kb,
                version,
                {(a.id,): {"body": _ARTICLE.dump_json(a)} for a in articles},
            )
            await self._replace(
                connection, self._t["phrasings"], edition.kb, version, _placed(phrasings)
            )
            # After a rollback the live version may be older than the two before the new one.
            await self._drop(connection, edition.kb, min(version - _KEPT, edition.version))
            await connection.execute(select(func.pg_notify("careline_kb", edition.kb)))
        return version

    def _is_kept(self, kb: str, version: int) -> ColumnElement[bool]:
        """Rows that never changed outlive the version they came with: the edition decides."""
        e = self._t["editions"]
        return select(e.c.version).where(e.c.kb == kb, e.c.version == version).exists()

    async def _drop(self, connection: AsyncConnection, kb: str, oldest: int) -> None:
        """Delete what only versions before `oldest` have."""
        for table in (self._t["articles"], self._t["phrasings"]):
            await connection.execute(delete(table).where(table.c.kb == kb, table.c.until <= oldest))
        e = self._t["editions"]
        await connection.execute(delete(e).where(e.c.kb == kb, e.c.version < oldest))

    async def _advance(self, connection: AsyncConnection, edition: Edition) -> int:
        """Move the pointer, the row lock of which serialises publishers."""
        e, live = self._t["editions"], self._t["live_editions"]
        await connection.execute(
            insert(live).values(kb=edition.kb, version=0).on_conflict_do_nothing()
        )
        pointer = select(live.c.version).where(live.c.kb == edition.kb).with_for_update()
        if (await connection.execute(pointer)).scalar_one() != edition.version:
            raise Conflict(f"{edition.kb} was published by somebody else")
        newest = select(func.coalesce(func.max(e.c.version), 0)).where(e.c.kb == edition.kb)
        version = int((await connection.execute(newest)).scalar_one()) + 1
        row = {
            "kb": edition.kb,
            "version": version,
            "fingerprint": edition.fingerprint,
            "articles": edition.articles,
            "gate_answer": edition.gate[0],
            "gate_offer": edition.gate[1],
            "made_at": edition.made_at,
            "judge": edition.judge,
        }
        await connection.execute(insert(e).values(row))
        told = {"act": "ingest", "at": edition.made_at, "articles": edition.articles}
        await connection.execute(
            insert(self._t["publications"]).values(kb=edition.kb, version=version, **told)
        )
        await connection.execute(
            update(live).where(live.c.kb == edition.kb).values(version=version)
        )
        return version

    async def _replace(
        self,
        connection: AsyncConnection,
        table: Table,
        kb: str,
        version: int,
        wanted: dict[tuple[Any, ...], dict[str, Any]],
    ) -> None:
        """End the rows that changed or went, begin the new ones; the others are not touched."""
        keys = [c for c in table.primary_key.columns if c.name not in ("kb", "since")]
        # A digest speaks for its vector: fetching all of those takes seconds and a gigabyte.
        payload = [c for c in table.c if c not in keys and c.name not in (*_SPAN, "vector")]
        now = await connection.execute(
            select(*keys, *payload).where(table.c.kb == kb, table.c.until.is_(None))
        )
        have = {tuple(r[: len(keys)]): r._asdict() for r in now}
        ended, begun = [], []
        for key, row in have.items():
            if key not in wanted or _payload(row, payload) != _payload(wanted[key], payload):
                ended.append(key)
        for key, row in wanted.items():
            if key not in have or _payload(have[key], payload) != _payload(row, payload):
                names = {c.name: part for c, part in zip(keys, key, strict=True)}
                begun.append({"kb": kb, "since": version, **names, **row})
        current = update(table).where(table.c.kb == kb, table.c.until.is_(None))
        for start in range(0, len(ended), _BATCH):
            some = tuple_(*keys).in_(ended[start : start + _BATCH])
            await connection.execute(current.where(some).values(until=version))
        for start in range(0, len(begun), _BATCH):
            await connection.execute(insert(table), begun[start : start + _BATCH])

    @asynccontextmanager
    async def changes(self) -> AsyncIterator[AsyncIterator[str]]:
        """Names as they change; every name is repeated after a lost connection and each 30 s."""
        async with self._notices.listen("kb") as subscription:

            async def names() -> AsyncIterator[str]:
                while True:
                    heard = await subscription.wait(_POLL_S)
                    if not heard or b"" in heard:
                        for edition in await self.live():
                            yield edition.kb
                    for name in dict.fromkeys(heard):
                        if name:
                            yield name.decode()

            yield names()


_SPAN = ("kb", "since", "until")


def _payload(row: dict[str, Any], columns: Sequence[ColumnElement[Any]]) -> dict[str, Any]:
    return {str(c.key): row[str(c.key)] for c in columns}


def _placed(phrasings: Sequence[Phrasing]) -> dict[tuple[Any, ...], dict[str, Any]]:
    places: dict[str, int] = {}
    placed: dict[tuple[Any, ...], dict[str, Any]] = {}
    for p in phrasings:
        place = places[p.article] = places.get(p.article, -1) + 1
        placed[p.article, place] = {"kind": p.kind, "digest": p.digest, "vector": p.vector}
    return placed


def _in_version(table: Table, kb: str, version: int) -> ColumnElement[bool]:
    born = and_(table.c.kb == kb, table.c.since <= version)
    return and_(born, or_(table.c.until.is_(None), table.c.until > version))


def _edition(row: Row[Any]) -> Edition:
    return Edition(
        kb=row.kb,
        version=row.version,
        fingerprint=row.fingerprint,
        articles=row.articles,
        gate=(row.gate_answer, row.gate_offer),
        made_at=row.made_at,
        judge=row.judge or b"",
    )

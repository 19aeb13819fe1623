"""What conversations came to: ratings and ends, one row each, and how many there are of which."""

from dataclasses import asdict
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.results import CRITERIA, Ending, Rating, Result, Score, Scored
from bot.store.database import Database
from bot.store.tables import Tables

K = TypeVar("K")


class PostgresResults:
    """Ratings and ends of one transaction."""

    def __init__(self, connection: AsyncConnection, tables: Tables) -> None:
        self._connection = connection
        self._ratings, self._endings = tables["ratings"], tables["endings"]
        self._scores = tables["scores"]

    async def keep(self, result: Result) -> None:
        if isinstance(result, Rating):
            await self._rate(result)
        elif isinstance(result, Ending):
            await self._end(result)
        else:
            await self._score(result)

    async def _end(self, ending: Ending) -> None:
        row = {"conversation": ending.conversation, "line": ending.line, "at": ending.at}
        statement = insert(self._endings).values(outcome=ending.end, **row)
        await self._connection.execute(statement.on_conflict_do_nothing())

    async def _score(self, score: Score) -> None:
        statement = insert(self._scores).values(**asdict(score))
        await self._connection.execute(statement.on_conflict_do_nothing())

    async def _rate(self, rating: Rating) -> None:
        t = self._ratings
        row = {"conversation": rating.conversation, "line": rating.line, "at": rating.at}
        statement = insert(t).values(
            handoff=rating.handoff, score=rating.score, comment=rating.comment, **row
        )
        comment = {"comment": func.coalesce(t.c.comment, statement.excluded.comment)}
        kept = statement.on_conflict_do_update(index_elements=["handoff"], set_=comment)
        # The desk shows it: its pages read again.
        await self._connection.execute(
            kept.returning(func.pg_notify("careline_desk", rating.handoff))
        )

    async def rating(self, handoff: str) -> Rating | None:
        return await rating_of(self._connection, self._ratings, handoff)


async def rating_of(connection: AsyncConnection, ratings: Table, handoff: str) -> Rating | None:
    """The customer's answer after a hand-off."""
    found = (await connection.execute(select(ratings).where(ratings.c.handoff == handoff))).first()
    return None if found is None else Rating(**found._asdict())


class PostgresTally:
    """Counts of results, by line; no words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def endings(self, since: datetime) -> dict[tuple[str, str], int]:
        """(line, end) → conversations that were over since then."""
        t = self._database.tables["endings"]
        return await self._count(t, t.c.outcome, since)

    async def ratings(self, since: datetime) -> dict[tuple[str, int], int]:
        """(line, score) → ratings given since then."""
        t = self._database.tables["ratings"]
        return await self._count(t, t.c.score, since)

    async def scores(self, since: datetime) -> tuple[Scored, ...]:
        """By line and party, what was scored since then."""
        t = self._database.tables["scores"]
        told = [func.count(t.c[name]).label(f"of_{name}") for name in CRITERIA]
        met = [func.count().filter(t.c[name]).label(name) for name in CRITERIA]
        statement = (
            select(t.c.line, t.c.party, func.count().label("many"), *told, *met)
            .where(t.c.at >= since)
            .group_by(t.c.line, t.c.party)
            .order_by(t.c.line, t.c.party)
        )
        h = self._database.tables["handoffs"]
        took_part = (
            select(t.c.line, func.count(h.c.claimed_by.distinct()))
            .join(h, h.c.conversation == t.c.conversation)
            .where(t.c.at >= since, t.c.party == "people")
            .group_by(t.c.line)
        )
        async with self._database.begin() as connection:
            rows = (await connection.execute(statement)).mappings().all()
            of_line = (await connection.execute(took_part)).all()
        people: dict[str, int] = {line: int(count) for line, count in of_line}
        return tuple(
            Scored(
                line=row["line"],
                party=row["party"],
                conversations=int(row["many"]),
                met={name: int(row[name]) for name in CRITERIA if row[f"of_{name}"]},
                people=people.get(row["line"], 0) if row["party"] == "people" else 0,
            )
            for row in rows
        )

    async def _count(
        self, t: Table, what: ColumnElement[K], since: datetime
    ) -> dict[tuple[str, K], int]:
        statement = (
            select(t.c.line, what, func.count()).where(t.c.at >= since).group_by(t.c.line, what)
        )
        async with self._database.begin() as connection:
            rows = (await connection.execute(statement)).all()
        return {(line, key): int(count) for line, key, count in rows}

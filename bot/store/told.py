"""What was said, conversation by conversation, for reports: opened for the operator who asks."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import select

from bot.domain.conversation import Entry
from bot.store.database import Database

_AT_ONCE = 200


class PostgresTold:
    """Reads whole transcripts; changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def transcripts(
        self, lines: Sequence[str], *, since: datetime, most: int
    ) -> AsyncIterator[tuple[Entry, ...]]:
        """The transcripts of the newest `most` conversations of some lines, in no order."""
        c, m = self._database.tables["conversations"], self._database.tables["messages"]
        newest = (
            select(c.c.id)
            .where(c.c.line.in_(lines), c.c.updated_at >= since)
            .order_by(c.c.updated_at.desc())
            .limit(most)
        )
        async with self._database.begin() as connection:
            names = (await connection.execute(newest)).scalars().all()
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE]
            said = (
                select(m.c.conversation, m.c.body)
                .where(m.c.conversation.in_(some), m.c.at >= since, ~m.c.withdrawn)
                .order_by(m.c.conversation, m.c.seq)
            )
            async with self._database.begin() as connection:
                rows = (await connection.execute(said)).all()
            for _, group in groupby(rows, key=lambda row: row.conversation):
                yield tuple(row.body for row in group)

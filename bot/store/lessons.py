"""What was decided on proposals, for whoever publishes a knowledge base."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from bot.domain.teaching import Proposal
from bot.store.labels import PostgresLabels

_PATIENCE = timedelta(minutes=2)
"""How long one who has taken a knowledge base to publish may be at it."""


class PostgresLessons(PostgresLabels):
    """Reads decisions, and keeps in which version they became live."""

    async def decided(self, kb: str) -> tuple[Proposal, ...]:
        t = self._database.tables["proposals"]
        counts = or_(t.c.state == "approved", t.c.pending)
        statement = select(t.c.body).where(t.c.kb == kb, counts)
        async with self._database.begin() as connection:
            found = (await connection.execute(statement)).scalars().all()
        return tuple(sorted(found, key=lambda one: (one.decided_at, one.id)))

    async def published(self, proposals: Sequence[Proposal], version: int) -> None:
        t = self._database.tables["proposals"]
        async with self._database.begin() as connection:
            for one in sorted(proposals, key=lambda one: one.id):
                row = select(t.c.state).where(t.c.id == one.id, t.c.pending).with_for_update()
                if (await connection.execute(row)).scalar_one_or_none() != one.state:
                    continue  # somebody has decided anew: that is not live yet
                live = one.settled(version)
                told = {"pending": False, "taken_at": None, "body": live}
                await connection.execute(update(t).where(t.c.id == one.id).values(told))

    async def take_waiting(self, now: datetime) -> tuple[str, ...]:
        t = self._database.tables["proposals"]
        free = or_(t.c.taken_at.is_(None), t.c.taken_at < now - _PATIENCE)
        taken = update(t).where(t.c.pending, free).values(taken_at=now).returning(t.c.kb)
        async with self._database.begin() as connection:
            return tuple(sorted(set((await connection.execute(taken)).scalars())))

"""The last good copy of each calendar, sealed, and how reading it went."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.oncall import CalendarState, Shift
from bot.store.database import Database


class PostgresCalendars:
    """Calendars in PostgreSQL: one process reads each, all know what it read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._table = database.tables["calendars"]

    async def states(self) -> Mapping[str, CalendarState]:
        t = self._table
        statement = select(t.c.name, t.c.tried_at, t.c.read_at, t.c.fault)
        async with self._database.begin() as connection:
            rows = (await connection.execute(statement)).all()
        return {
            r.name: CalendarState(tried_at=r.tried_at, read_at=r.read_at, fault=r.fault)
            for r in rows
        }

    async def shifts(self, name: str) -> tuple[Shift, ...]:
        statement = select(self._table.c.shifts).where(self._table.c.name == name)
        async with self._database.begin() as connection:
            found: tuple[Shift, ...] | None = (await connection.execute(statement)).scalar()
        return found or ()

    async def take(self, name: str, *, now: datetime, every: timedelta) -> bool:
        t = self._table
        statement = (
            insert(t)
            .values(name=name, tried_at=now)
            .on_conflict_do_update(
                index_elements=["name"],
                set_={"tried_at": now},
                # Clocks differ by a little; one that was far ahead must not stop all reading.
                where=or_(t.c.tried_at <= now - every, t.c.tried_at > now + every),
            )
            .returning(t.c.name)
        )
        async with self._database.begin() as connection:
            return (await connection.execute(statement)).first() is not None

    async def keep(self, name: str, shifts: Sequence[Shift], *, now: datetime) -> None:
        row = {"tried_at": now, "read_at": now, "fault": None, "shifts": tuple(shifts)}
        statement = (
            insert(self._table)
            .values(name=name, **row)
            .on_conflict_do_update(index_elements=["name"], set_=row)
        )
        async with self._database.begin() as connection:
            await connection.execute(statement)

    async def failed(self, name: str, fault: str, *, now: datetime) -> None:
        t = self._table
        row = {"tried_at": now, "fault": fault}
        async with self._database.begin() as connection:
            await connection.execute(update(t).where(t.c.name == name).values(row))

"""Lines switched at run time."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.line import Mode
from bot.store.database import Database

CHANNEL = "careline_modes"


class PostgresModes:
    """The modes that override the settings, and who switched them when."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._table = database.tables["line_modes"]

    async def all(self) -> dict[str, Mode]:
        async with self._database.begin() as connection:
            rows = await connection.execute(select(self._table.c.line, self._table.c.mode))
            return {row.line: row.mode for row in rows}

    async def switch(self, line: str, mode: Mode, *, by: str) -> None:
        row = {"line": line, "mode": mode, "by": by, "at": func.now()}
        statement = (
            insert(self._table)
            .values(row)
            .on_conflict_do_update(index_elements=["line"], set_=row)
            .returning(func.pg_notify(CHANNEL, line))
        )
        async with self._database.begin() as connection:
            await connection.execute(statement)

"""Installs in PostgreSQL: what proves us is sealed, accounts are the platform's ids."""

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.installs import Install
from bot.store.database import Database


class PostgresInstalls:
    """One row a workspace, shared by all replicas."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._table = database.tables["installs"]

    async def put(self, install: Install) -> None:
        row = {
            "channel": install.channel,
            "account": install.account,
            "organisation": install.organisation,
            "body": install,
        }
        statement = (
            insert(self._table)
            .values(row)
            .on_conflict_do_update(index_elements=["channel", "account"], set_=row)
        )
        async with self._database.begin() as connection:
            await connection.execute(statement)

    async def get(self, channel: str, account: str) -> Install | None:
        t = self._table
        statement = select(t.c.body).where(t.c.channel == channel, t.c.account == account)
        async with self._database.begin() as connection:
            found: Install | None = (await connection.execute(statement)).scalar()
        return found

    async def all(self, channel: str) -> tuple[Install, ...]:
        t = self._table
        statement = (
            select(t.c.body).where(t.c.channel == channel).order_by(t.c.account.collate("C"))
        )
        async with self._database.begin() as connection:
            return tuple((await connection.execute(statement)).scalars().all())

    async def remove(self, channel: str, account: str) -> None:
        t = self._table
        theirs = or_(t.c.account == account, t.c.organisation == account)
        async with self._database.begin() as connection:
            await connection.execute(delete(t).where(t.c.channel == channel, theirs))

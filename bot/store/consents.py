"""Opt-outs in PostgreSQL: one row each time, the newest stands; handles are keyed hashes."""

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.consent import Consent
from bot.store.tables import Tables


class PostgresConsents:
    """Consents of one transaction."""

    def __init__(self, connection: AsyncConnection, tables: Tables) -> None:
        self._connection = connection
        self._tables = tables
        self._table = tables["consents"]
        self._digest = tables.keyring.digest

    async def put(self, consent: Consent) -> bool:
        before = await self.stopped(consent.channel, consent.handle)
        row = {
            "key": self._digest(consent.key),
            "who": self._who(consent.channel, consent.handle),
            "at": consent.at,
            "body": consent,
        }
        added = insert(self._table).on_conflict_do_nothing(index_elements=["key"])
        await self._connection.execute(added, row)
        return before != await self.stopped(consent.channel, consent.handle)

    async def stopped(self, channel: str, handle: str) -> bool:
        newest = self._of(channel, handle).limit(1)
        found: Consent | None = (await self._connection.execute(newest)).scalar_one_or_none()
        return found is not None and found.stopped

    async def trail(self, channel: str, handle: str) -> tuple[Consent, ...]:
        rows = (await self._connection.execute(self._of(channel, handle))).scalars()
        return tuple(reversed(rows.all()))

    def _of(self, channel: str, handle: str) -> Select[Consent]:
        t = self._table
        mine = select(t.c.body).where(t.c.who == self._who(channel, handle))
        return mine.order_by(t.c.at.desc(), t.c.id.desc())

    def _who(self, channel: str, handle: str) -> str:
        return self._digest(f"consent\x1f{channel}\x1f{handle}")

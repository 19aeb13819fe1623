"""What was said, in order, per conversation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import overload

from sqlalchemy import Select, TextualSelect, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.conversation import Entry
from bot.store.appending import APPEND, FOUND, appending, lines_of
from bot.store.sealed import Sealed
from bot.store.tables import Tables

EVER = datetime.fromtimestamp(0, UTC)
"""Before everything that was ever said."""


class PostgresTranscript:
    """The transcript lines of one transaction."""

    def __init__(self, connection: AsyncConnection, tables: Tables) -> None:
        self._connection = connection
        self._tables = tables
        self._table = tables["messages"]
        self._digest = tables.keyring.digest

    async def add(self, conversation: str, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        lines = lines_of(conversation, entries, self._digest)
        found = await self._connection.execute(self._tables.once(_append), lines)
        if not found.scalar_one():
            raise LookupError(f"there is no conversation {conversation}")

    async def read(
        self, conversation: str, *, after: datetime | None = None, limit: int = 200
    ) -> tuple[Entry, ...]:
        which = {"of": conversation, "since": after or EVER, "most": limit}
        rows = (await self._connection.execute(self._tables.once(_last), which)).all()
        return tuple(numbered(row.body, row.seq) for row in reversed(rows))


class SealedEntries(Sequence[Entry]):
    """Transcript lines that are opened when they are looked at: most turns need the last few."""

    def __init__(self, lines: Sequence[tuple[int, bytes]], kind: Sealed[Entry]) -> None:
        self._lines = lines
        self._kind = kind
        self._opened: dict[int, Entry] = {}

    @override
    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, place: int) -> Entry: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Entry, ...]: ...
    @override
    def __getitem__(self, place: int | slice) -> Entry | tuple[Entry, ...]:
        if isinstance(place, slice):
            return tuple(self._at(one) for one in range(*place.indices(len(self))))
        return self._at(range(len(self))[place])

    def _at(self, place: int) -> Entry:
        if place not in self._opened:
            seq, sealed = self._lines[place]
            self._opened[place] = numbered(self._kind.opened(sealed), seq)
        return self._opened[place]


def numbered(entry: Entry, seq: int) -> Entry:
    """A transcript line with its number, which is given after it is sealed."""
    return replace(entry, seq=seq)


def _append(tables: Tables) -> TextualSelect:
    """Whether there is such a conversation."""
    return appending("WITH " + APPEND + FOUND, tables)


def _last(tables: Tables) -> Select[int, Entry]:
    t = tables["messages"]
    seen = (t.c.conversation == bindparam("of"), t.c.at > bindparam("since"), ~t.c.withdrawn)
    return select(t.c.seq, t.c.body).where(*seen).order_by(t.c.seq.desc()).limit(bindparam("most"))

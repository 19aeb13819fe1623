"""The desk's reading side: hand-offs as rows, and one of them opened."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.conversation import Conversation
from bot.domain.desk import Arrival, HandoffDetail, HandoffRow, Unsent
from bot.domain.message import Address
from bot.store.database import Database
from bot.store.results import rating_of
from bot.store.transcript import numbered

LONGEST = 1000
"""Transcript lines that a desk shows; the last ones."""
_BITE = 100
"""Conversations that are opened at a time: who they are of stands in them alone."""
_ARRIVED: dict[int, Arrival] = {-1: "sent", 1: "delivered", 2: "read"}
_HELD_FROM = timedelta(hours=1)
"""What is put off for longer waits for its reader, not for its platform."""
_UNSHOWN = frozenset({"claimed_at", "ended_at", "thread"})


class PostgresBoard:
    """Reads what conversations wrote through to the list of hand-offs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._handoffs = database.tables["handoffs"]
        self._shown = [c for c in self._handoffs.c if c.name != "tried"]

    async def open(self, lines: Sequence[str] | None) -> tuple[HandoffRow, ...]:
        h = self._handoffs
        since = func.coalesce(h.c.waiting_since, h.c.opened_at)
        order = (h.c.state != "waiting", since, h.c.id)
        waiting = select(*self._shown).where(h.c.state != "ended").order_by(*order)
        return await self._rows(lines, waiting)

    async def recent(self, lines: Sequence[str] | None, *, limit: int) -> tuple[HandoffRow, ...]:
        h = self._handoffs
        ended = select(*self._shown).where(h.c.state == "ended")
        order = (h.c.ended_at.desc(), h.c.id)
        return await self._rows(lines, ended.order_by(*order).limit(limit))

    async def asked_by(self, line: str, place: Address, handle: str) -> tuple[HandoffRow, ...]:
        h, c = self._handoffs, self._database.tables["conversations"]
        asked = (
            select(*self._shown, c.c.body)
            .join(c, c.c.id == h.c.conversation)
            .where(h.c.state != "ended", h.c.line == line)
            .order_by(h.c.opened_at.desc())
            .execution_options(yield_per=_BITE)
        )
        found = []
        async with self._database.begin() as connection:
            async for row in await connection.stream(asked):
                fields = row._asdict()
                if _is_theirs(fields.pop("body"), place, handle):
                    found.append(_row(fields))
        return tuple(found)

    async def _rows(
        self, lines: Sequence[str] | None, statement: Select[*tuple[Any, ...]]
    ) -> tuple[HandoffRow, ...]:
        if lines is not None:
            statement = statement.where(self._handoffs.c.line.in_(lines))
        async with self._database.begin() as connection:
            rows = (await connection.execute(statement)).all()
        return tuple(_row(row._asdict()) for row in rows)

    async def detail(self, handoff: str) -> HandoffDetail | None:
        t = self._database.tables
        c, m = t["conversations"], t["messages"]
        one = (
            select(*self._handoffs.c, c.c.body)
            .join(c, c.c.id == self._handoffs.c.conversation)
            .where(self._handoffs.c.id == handoff)
        )
        async with self._database.begin() as connection:
            found = (await connection.execute(one)).first()
            if found is None:
                return None
            lines = (
                select(m.c.seq, m.c.key, m.c.body)
                .where(m.c.conversation == found.conversation, ~m.c.withdrawn)
                .order_by(m.c.seq.desc())
                .limit(LONGEST)
            )
            entries = (await connection.execute(lines)).all()
            unsent, reached = await self._on_the_way(connection, found.conversation)
            rating = await rating_of(connection, t["ratings"], handoff)
        fields = found._asdict()
        conversation, tried = fields.pop("body"), fields.pop("tried")
        return HandoffDetail(
            row=_row(fields),
            conversation=conversation,
            entries=tuple(numbered(row.body, row.seq) for row in reversed(entries)),
            tried=tried,
            unsent={row.body.key: unsent[row.key] for row in entries if row.key in unsent},
            reached={row.body.key: reached[row.key] for row in entries if row.key in reached},
            rating=rating,
        )

    async def _on_the_way(
        self, connection: AsyncConnection, conversation: str
    ) -> tuple[dict[str, Unsent], dict[str, Arrival]]:
        """By the digest of its key, what staff said that is not sent, or on its way to a device."""
        o = self._database.tables["outbox"]
        waits = o.c.due_at > func.now() + _HELD_FROM
        statement = select(o.c.key, o.c.tries, o.c.state, o.c.reached, waits.label("waits")).where(
            o.c.conversation == conversation, o.c.author == "staff"
        )
        rows = (await connection.execute(statement)).all()
        unsent = {
            row.key: Unsent(
                tries=row.tries,
                given_up=row.state in ("refused", "dropped"),
                waits=row.state == "unsent" and row.waits,
            )
            for row in rows
            if row.state != "sent"
        }
        return unsent, {r.key: _ARRIVED[r.reached] for r in rows if r.reached in _ARRIVED}


def _is_theirs(held: Conversation, place: Address, handle: str) -> bool:
    there = (held.address.channel, held.address.account) == (place.channel, place.account)
    return there and handle in held.customers


def _row(fields: dict[str, Any]) -> HandoffRow:
    kept = {name: value for name, value in fields.items() if name not in _UNSHOWN}
    return HandoffRow(**kept)

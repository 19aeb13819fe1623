"""Accepted events and parked ones."""

from datetime import datetime
from typing import Any, cast

from pydantic import ValidationError
from sqlalchemy import (
    BigInteger,
    CursorResult,
    Integer,
    LargeBinary,
    Result,
    Select,
    TextualSelect,
    bindparam,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from bot.domain.conversation import Conversation
from bot.domain.errors import Conflict, SettingsError, Unreadable
from bot.domain.message import Inbound
from bot.domain.ports import ParkedEvent, StoredEvent
from bot.store.engine_tables import PARKED, UNDONE
from bot.store.tables import Tables
from bot.store.transcript import EVER, SealedEntries

_BURST = 20
"""Nobody says one thought in more messages."""


class PostgresEvents:
    """Events of one transaction."""

    def __init__(self, connection: AsyncConnection, tables: Tables) -> None:
        self._connection = connection
        self._tables = tables
        self._table = tables["events"]
        self._digest = tables.keyring.digest

    async def add(self, event: Inbound, *, done: bool = False) -> bool:
        row = {
            "key": self._digest(event.key),
            "room": self._digest(event.address.key()),
            "channel": event.address.channel,
            "trace": event.trace,
            "body": event,
        }
        if done:
            row["state"] = "done"
        added = await self._connection.execute(self._tables.once(_add), row)
        return added.first() is not None

    async def next(self, room: str, *, recall: int = 0) -> StoredEvent | None:
        which = {"in_room": room, "most": recall}
        found = await self._connection.execute(self._tables.once(_next), which)
        try:
            row = found.first()
        except (SettingsError, ValidationError) as exc:
            raise Unreadable(await self._unread(room)) from exc
        if row is None:
            return None
        known: Conversation | None = row.held
        begins = known.boundary if known and known.boundary else EVER
        lines = zip(row.seqs or (), row.times or (), row.bodies or (), strict=True)
        kept = [(seq, body) for seq, at, body in lines if at > begins]
        said = SealedEntries(kept, self._tables["messages"].c.body.type)  # type: ignore[arg-type]  # its own type
        return StoredEvent(id=row.id, event=row.body, tries=row.tries, known=known, history=said)

    async def burst(self, room: str) -> tuple[StoredEvent, ...]:
        t = self._table
        undone = select(t.c.id, t.c.body, t.c.tries).where(t.c.room == room, UNDONE)
        found = await self._connection.execute(undone.order_by(t.c.id).limit(_BURST))
        try:
            rows = found.all()
        except (SettingsError, ValidationError) as exc:
            raise Unreadable(await self._unread(room)) from exc
        return tuple(StoredEvent(id=one.id, event=one.body, tries=one.tries) for one in rows)

    async def _unread(self, room: str) -> int:
        """The id of the oldest undone event, whatever is in it."""
        t = self._table
        oldest = select(func.min(t.c.id)).where(t.c.room == room, UNDONE)
        return int((await self._connection.execute(oldest)).scalar_one())

    async def done(self, event_id: int) -> bool:
        found = await self._connection.execute(self._tables.once(_done), {"event": event_id})
        more: bool | None = found.scalar_one_or_none()
        if more is None:
            raise Conflict("the event was done already")
        return more

    async def failed(self, event_id: int, error: str, *, park: bool) -> None:
        t = self._table
        statement = (
            update(t)
            .where(t.c.id == event_id, UNDONE)
            .values(tries=t.c.tries + 1, error=error, state="parked" if park else "undone")
        )
        if rows_of(await self._connection.execute(statement)) == 0:
            raise Conflict("the event was done already")

    async def left_behind(self, seconds: float) -> tuple[str, ...]:
        """Rooms with an event undone for longer than this."""
        t = self._table
        old = t.c.received_at < func.now() - func.make_interval(0, 0, 0, 0, 0, 0, seconds)
        statement = select(t.c.room).where(UNDONE, old).distinct()
        return tuple((await self._connection.execute(statement)).scalars())

    async def parked(self) -> tuple[ParkedEvent, ...]:
        """Everything set aside, oldest first."""
        t = self._table
        shown = [c for c in t.c if c.name != "body"]  # which may be what cannot be read
        rows = await self._connection.execute(select(*shown).where(PARKED).order_by(t.c.id))
        return tuple(
            ParkedEvent(
                id=r.id,
                channel=r.channel,
                trace=r.trace,
                tries=r.tries,
                error=r.error or "",
                received_at=cast("datetime", r.received_at),
            )
            for r in rows
        )

    async def unpark(self, event_id: int) -> str | None:
        """Make a parked event undone again, its tries forgotten; returns its room."""
        t = self._table
        statement = (
            update(t)
            .where(t.c.id == event_id, PARKED)
            .values(state="undone", tries=0, error=None)
            .returning(t.c.room)
        )
        room: str | None = (await self._connection.execute(statement)).scalar_one_or_none()
        return room

    async def drop(self, event_id: int) -> bool:
        """Forget a parked event for good."""
        t = self._table
        statement = delete(t).where(t.c.id == event_id, PARKED)
        return rows_of(await self._connection.execute(statement)) == 1

    async def oldest_age(self) -> float:
        """Seconds the oldest undone event has waited; 0 when there is none."""
        t = self._table
        age = func.extract("epoch", func.clock_timestamp() - func.min(t.c.received_at))
        statement = select(func.coalesce(age, 0)).where(UNDONE)
        return float((await self._connection.execute(statement)).scalar_one())


def _add(tables: Tables) -> ReturningInsert[int]:
    t = tables["events"]
    return insert(t).on_conflict_do_nothing(index_elements=["key"]).returning(t.c.id)


def _next(tables: Tables) -> TextualSelect:
    """An event in one row with its conversation and the last lines of that."""
    following = text(
        "SELECT event.id, event.body, event.tries, held.body AS held, said.* FROM ("
        "SELECT id, room, body, tries FROM events WHERE room = :in_room AND state = 'undone' "
        "ORDER BY id LIMIT 1) AS event "
        "LEFT JOIN conversations AS held ON held.room = event.room AND held.current "
        "LEFT JOIN LATERAL ("
        "SELECT array_agg(seq ORDER BY seq) AS seqs, array_agg(at ORDER BY seq) AS times, "
        "array_agg(body ORDER BY seq) AS bodies FROM ("
        "SELECT seq, at, body FROM messages WHERE conversation = held.id AND NOT withdrawn "
        "ORDER BY seq DESC LIMIT :most) AS last) AS said ON true"
    )
    return following.columns(
        id=BigInteger,
        body=tables["events"].c.body.type,
        tries=Integer,
        held=tables["conversations"].c.body.type,
        seqs=ARRAY(BigInteger),
        times=ARRAY(tables["messages"].c.at.type),
        bodies=ARRAY(LargeBinary),
    )


def _done(tables: Tables) -> Select[bool]:
    """Marks an event; a row that says whether its room has another, none if it was done."""
    t = tables["events"]
    which = (t.c.id == bindparam("event"), UNDONE)
    done = update(t).where(*which).values(state="done").returning(t.c.id, t.c.room).cte("done")
    others = t.alias("others")  # as they were before: the statement does not see its own change
    undone = text("others.state = 'undone'")
    more = select(others.c.id).where(others.c.room == done.c.room, others.c.id != done.c.id, undone)
    return select(more.exists()).select_from(done)


def rows_of(result: Result[*tuple[Any, ...]]) -> int:
    """How many rows a change touched."""
    return cast("CursorResult[Any]", result).rowcount


async def last_kept(connection: AsyncConnection, tables: Tables, channel: str) -> datetime | None:
    """When an event of a channel was last kept; None where none is known."""
    t = tables["events"]
    asked = select(func.max(t.c.received_at)).where(t.c.channel == channel)
    return cast("datetime | None", (await connection.execute(asked)).scalar_one())

"""Conversations, and their hand-offs as the desk lists them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, TextualSelect, bindparam, case, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Entry
from bot.domain.errors import Conflict
from bot.domain.handoff import Handoff
from bot.domain.message import Address
from bot.store.appending import FOUND, SAVE, appending, lines_of, saved_of
from bot.store.tables import Tables


class PostgresConversations:
    """Conversations of one transaction."""

    def __init__(self, connection: AsyncConnection, tables: Tables) -> None:
        self._connection = connection
        self._tables = tables
        self._table = tables["conversations"]
        self._handoffs = tables["handoffs"]
        self._digest = tables.keyring.digest

    async def at(self, address: Address) -> Conversation | None:
        room = {"in_room": self._digest(address.key())}
        found = await self._connection.execute(self._tables.once(_at), room)
        return found.scalar_one_or_none()

    async def get(self, conversation: str, *, lock: bool = False) -> Conversation | None:
        statement = select(self._table.c.body).where(self._table.c.id == conversation)
        return await self._one(statement.with_for_update() if lock else statement)

    async def by_handoff(self, handoff: str, *, lock: bool = False) -> Conversation | None:
        h = self._handoffs
        owner = select(h.c.conversation).where(h.c.id == handoff).scalar_subquery()
        statement = select(self._table.c.body).where(self._table.c.id == owner)
        found = await self._one(statement.with_for_update() if lock else statement)
        current = found.handoff.id if found and found.handoff else None
        return found if current == handoff else None

    async def by_thread(self, thread: Address, *, lock: bool = False) -> Conversation | None:
        h = self._handoffs
        here = h.c.thread == self._digest(thread.key())
        newest = select(h.c.conversation).where(here).order_by(h.c.opened_at.desc()).limit(1)
        statement = select(self._table.c.body).where(self._table.c.id == newest.scalar_subquery())
        return await self._one(statement.with_for_update() if lock else statement)

    async def _one(self, statement: Select[Any]) -> Conversation | None:
        found: Conversation | None = (await self._connection.execute(statement)).scalar()
        return found

    async def add(self, conversation: Conversation) -> None:
        t = self._table
        room = self._digest(conversation.address.key())
        retire = update(t).where(t.c.room == room, t.c.current).values(current=False)
        await self._connection.execute(retire)
        row = {
            "holder": conversation.holder,
            "version": conversation.version,
            "revision": conversation.revision,
            "body": conversation,
            "id": conversation.id,
            "room": room,
            "line": conversation.line,
            "opened_at": conversation.opened_at,
        }
        await self._connection.execute(insert(t).values(row))
        await self._keep_handoff(conversation)

    async def save(self, conversation: Conversation, said: Sequence[Entry] = ()) -> None:
        saved = replace(conversation, revision=conversation.revision + 1)
        row = saved_of(saved) | lines_of(saved.id, said, self._digest)
        found = await self._connection.execute(self._tables.once(_save), row)
        if not found.scalar_one():
            raise Conflict("the conversation was saved by somebody else")
        await self._keep_handoff(saved)

    async def settle(self, handoff: str, by: Person, now: datetime) -> bool:
        t = self._handoffs
        owed = t.c.state.in_(("callback", "ticket"))
        lines = () if "*" in by.lines else (t.c.line.in_(by.lines),)
        if "handle" not in by.rights:
            return False
        statement = (
            update(t)
            .where(t.c.id == handoff, owed, *lines)
            .values(state="ended", ended_at=now)
            .returning(func.pg_notify("careline_desk", t.c.id))
        )
        return (await self._connection.execute(statement)).first() is not None

    async def _keep_handoff(self, c: Conversation) -> None:
        """Write the hand-off through to the desk's list and wake the desks, in this commit."""
        if c.handoff is None:
            return
        h = c.handoff
        thread = h.staff_thread
        row = _handoff_row(c, h) | {"thread": thread and self._digest(thread.key())}
        since = h.opened_at if c.holder == "waiting" else None
        t = self._handoffs
        waits_again = case((t.c.state == "waiting", t.c.waiting_since), else_=func.now())
        kept = {"waiting_since": waits_again if since else None}
        statement = (
            insert(t)
            .values(id=h.id, waiting_since=since, **row)
            .on_conflict_do_update(index_elements=["id"], set_=row | kept)
            .returning(func.pg_notify("careline_desk", h.id))
        )
        await self._connection.execute(statement)


def _handoff_row(c: Conversation, h: Handoff) -> dict[str, Any]:
    return {
        "conversation": c.id,
        "line": c.line,
        "state": c.handoff_state(),
        "reason": h.reason,
        "rule": h.rule,
        "priority": h.priority,
        "opened_at": h.opened_at,
        "claimed_by": h.claimed_by,
        "claimed_at": h.claimed_at,
        "ended_at": h.ended_at,
        "outcome": h.outcome,
        "summary": h.summary,
        "claimed_name": h.claimed_name,
        "tried": h.tried,
    }


def _at(tables: Tables) -> Select[Conversation]:
    t = tables["conversations"]
    return select(t.c.body).where(t.c.room == bindparam("in_room"), t.c.current)


def _save(tables: Tables) -> TextualSelect:
    """Stores a conversation that nobody has moved, with what was said; whether it could."""
    return appending("WITH " + SAVE + FOUND, tables)

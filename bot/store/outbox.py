"""Messages to send: in order per room, each checked against the holder as it is marked."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from pydantic import ValidationError
from sqlalchemy import (
    Case,
    Insert,
    Row,
    Select,
    Update,
    bindparam,
    case,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import SettingsError
from bot.domain.message import Outbound, Receipt
from bot.domain.ports import OutboxRow, Reach, Reached, Settled
from bot.store.engine_tables import OPEN
from bot.store.processes import is_live
from bot.store.tables import Tables

_RECEIPT = "receipt\x1f"
_FAR: dict[Reach, int] = {"delivered": 1, "read": 2, "failed": 3}
"""The column `reached`; before that -1 where its platform will tell more, 0 where it never will."""
Head: TypeAlias = Row[*tuple[Any, ...]]


class PostgresOutbox:
    """Outbox rows of one transaction.

    `me` is this process's id and `busy` the rows it is really sending: a row marked by a process
    whose heart has stopped, or by us without being at work on it, is taken over. `claimed` collects
    the rows that this transaction marks. `steady` says whether this process may judge other hearts.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        tables: Tables,
        *,
        me: str,
        busy: set[int],
        claimed: set[int],
        steady: Callable[[], bool] = lambda: True,
    ) -> None:
        self._connection = connection
        self._tables = tables
        self._table = tables["outbox"]
        self._digest = tables.keyring.digest
        self._me = me
        self._busy = busy
        self._claimed = claimed
        self._steady = steady

    async def add(self, conversation: str, rows: Sequence[Outbound]) -> None:
        if not rows:
            return
        values = [
            {
                "key": self._digest(row.key),
                "room": self._digest(row.address.key()),
                "conversation": conversation,
                "author": row.author,
                "holder_version": row.holder_version,
                "body": row,
            }
            for row in rows
        ]
        await self._connection.execute(self._tables.once(_add), values)

    async def withdraw(self, key: str) -> bool:
        t = self._table
        settled = {"state": "dropped", "settled_at": func.clock_timestamp()}
        unsent = (t.c.key == self._digest(key), t.c.state == "unsent")
        statement = update(t).where(*unsent).values(settled).returning(t.c.id)
        return (await self._connection.execute(statement)).first() is not None

    async def claim(self, room: str, now: datetime) -> OutboxRow | None:
        while (head := await self._head(room)) is not None:
            if head.state == "sending" and not await self._orphaned(head):
                return None
            if await self._stale(head):
                await self._drop(head)
                continue
            return await self._mark(head) if head.due_at <= now else None
        return None

    async def _head(self, room: str) -> Head | None:
        while True:
            found = await self._connection.execute(self._tables.once(_head), {"in_room": room})
            try:
                return found.first()
            except (SettingsError, ValidationError):
                await self._refuse_unreadable(room)

    async def _refuse_unreadable(self, room: str) -> None:
        """End a row that nobody can read, or it would block its room for ever."""
        t = self._table
        oldest = select(func.min(t.c.id)).where(t.c.room == room, OPEN).scalar_subquery()
        settled = {"state": "refused", "settled_at": func.clock_timestamp()}
        await self._connection.execute(update(t).where(t.c.id == oldest).values(settled))

    async def _orphaned(self, head: Head) -> bool:
        if head.sending_by == self._me:
            return head.id not in self._busy
        if not self._steady():
            return False
        return not await is_live(self._connection, self._tables, head.sending_by)

    async def _stale(self, head: Head) -> bool:
        if head.author != "bot":
            return False
        return not await self.holds(head.conversation, head.holder_version)

    async def holds(self, conversation: str, version: int) -> bool:
        """Whether the holder's version is still this; nobody can move it before our commit."""
        found = await self._connection.execute(self._tables.once(_version), {"of": conversation})
        return bool(found.scalar_one_or_none() == version)

    async def _drop(self, head: Head) -> None:
        t, m = self._table, self._tables["messages"]
        settled = {"state": "dropped", "settled_at": func.clock_timestamp()}
        await self._connection.execute(update(t).where(t.c.id == head.id).values(settled))
        await self._connection.execute(update(m).where(m.c.key == head.key).values(withdrawn=True))

    async def _mark(self, head: Head) -> OutboxRow:
        tries = head.tries + 1
        marked = {"row": head.id, "state": "sending", "sending_by": self._me, "tries": tries}
        await self._connection.execute(self._tables.once(_change), marked)
        self._busy.add(head.id)
        self._claimed.add(head.id)
        return OutboxRow(
            id=head.id,
            outbound=await self._aimed(head.body),
            conversation=head.conversation,
            tries=tries,
            added_at=head.created_at,
        )

    async def _aimed(self, outbound: Outbound) -> Outbound:
        """With the platform's id of what it replaces: that was sent before it, if at all."""
        if outbound.replaces is None or outbound.target is not None:
            return outbound
        which = {"replaced": self._digest(outbound.replaces)}
        try:
            found = await self._connection.execute(self._tables.once(_receipt), which)
            receipt: Receipt | None = found.scalar_one_or_none()
        except (SettingsError, ValidationError):  # what cannot be read cannot be replaced
            return outbound
        return replace(outbound, target=receipt.message_id) if receipt else outbound

    async def settle(self, row_id: int, state: Settled, *, receipt: Receipt | None = None) -> None:
        mine = {"row": row_id, "me": self._me}
        settled = {"state": state, "receipt": receipt, "receipt_key": self._sent_as(receipt)}
        reached = {"reached": -1 if receipt is not None and receipt.follows else 0}
        await self._connection.execute(self._tables.once(_settle), mine | settled | reached)

    async def postpone(self, row_id: int, due_at: datetime) -> None:
        mine = {"row": row_id, "me": self._me}
        given_back = {"state": "unsent", "due_at": due_at, "sending_by": None}
        await self._connection.execute(self._tables.once(_give_back), mine | given_back)

    async def wake(self, room: str) -> bool:
        t = self._table
        given_back = (t.c.room == room, t.c.state == "unsent", t.c.tries > 0)
        woken = update(t).where(*given_back).values(due_at=text("'epoch'")).returning(t.c.id)
        return (await self._connection.execute(woken)).first() is not None

    async def reached(self, message_id: str, state: Reach) -> Reached | None:
        t, far = self._table, _FAR[state]
        nearer = t.c.reached <= 0 if state == "failed" else t.c.reached < far
        it = t.c.receipt_key == self._digest(_RECEIPT + message_id)
        moving = update(t).where(it, nearer).values(reached=far)
        moved = moving.returning(t.c.body, t.c.conversation, _told(self._tables))
        found = (await self._connection.execute(moved)).first()
        known = (
            found
            or (
                await self._connection.execute(select(t.c.body, t.c.conversation).where(it))
            ).first()
        )
        if known is None:
            return None
        return Reached(
            outbound=known.body, conversation=known.conversation, moved=found is not None
        )

    def _sent_as(self, receipt: Receipt | None) -> str | None:
        return None if receipt is None else self._digest(_RECEIPT + receipt.message_id)

    async def left_behind(self, now: datetime, patience: timedelta) -> tuple[str, ...]:
        """Rooms whose open rows are due and have been left alone for longer than `patience`."""
        t = self._table
        statement = (
            select(t.c.room)
            .where(OPEN, t.c.due_at <= now, t.c.created_at < now - patience)
            .distinct()
        )
        return tuple((await self._connection.execute(statement)).scalars())


def _add(tables: Tables) -> Insert:
    return insert(tables["outbox"]).on_conflict_do_nothing(index_elements=["key"])


def _head(tables: Tables) -> Select[*tuple[Any, ...]]:
    t = tables["outbox"]
    oldest = select(*(c for c in t.c if c.name != "receipt")).where(
        t.c.room == bindparam("in_room"), OPEN
    )
    return oldest.order_by(t.c.id).limit(1).with_for_update()


def _receipt(tables: Tables) -> Select[Receipt]:
    t = tables["outbox"]
    return select(t.c.receipt).where(t.c.key == bindparam("replaced"))


def _version(tables: Tables) -> Select[int]:
    c = tables["conversations"]
    return select(c.c.version).where(c.c.id == bindparam("of")).with_for_update(read=True)


def _change(tables: Tables) -> Update:
    t = tables["outbox"]
    return update(t).where(t.c.id == bindparam("row"))


def _give_back(tables: Tables) -> Update:
    t = tables["outbox"]
    mine = (t.c.state == "sending", t.c.sending_by == bindparam("me"))
    return update(t).where(t.c.id == bindparam("row"), *mine).returning(_told(tables))


def _settle(tables: Tables) -> Update:
    return _give_back(tables).values(settled_at=func.clock_timestamp())


def _told(tables: Tables) -> Case[Any]:
    """Wakes the desks: they show how what staff said is on its way."""
    t, h = tables["outbox"], tables["handoffs"]
    newest = select(h.c.id).where(h.c.conversation == t.c.conversation)
    handoff = newest.order_by(h.c.opened_at.desc()).limit(1).correlate(t).scalar_subquery()
    told = func.pg_notify("careline_desk", func.coalesce(handoff, ""))
    return case((t.c.author == "staff", told))

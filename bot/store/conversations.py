"""Conversations, their hand-offs as the desk lists them, and the transcript."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, overload

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    LargeBinary,
    Select,
    TextualSelect,
    bindparam,
    case,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.conversation import Conversation, Entry
from bot.domain.errors import Conflict
from bot.domain.handoff import Handoff
from bot.domain.message import Address
from bot.store.sealed import Sealed
from bot.store.tables import Tables

_EVER = datetime.fromtimestamp(0, UTC)
"""Before everything that was ever said."""


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

    async def recalled(
        self, address: Address, *, limit: int
    ) -> tuple[Conversation, Sequence[Entry]] | None:
        asked = {"room": self._digest(address.key()), "most": limit}
        found = (await self._connection.execute(self._tables.once(_recalled), asked)).first()
        if found is None:
            return None
        held: Conversation = found.held
        begins = held.boundary or _EVER
        lines = zip(found.seqs or (), found.times or (), found.bodies or (), strict=True)
        kept = [(seq, body) for seq, at, body in lines if at > begins]
        return held, SealedEntries(kept, self._tables["messages"].c.body.type)  # type: ignore[arg-type]  # its own type

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

    async def _one(self, statement: Select[Any]) -> Conversation | None:
        found: Conversation | None = (await self._connection.execute(statement)).scalar()
        return found

    async def add(self, conversation: Conversation) -> None:
        t = self._table
        room = self._digest(conversation.address.key())
        retire = update(t).where(t.c.room == room, t.c.current).values(current=False)
        await self._connection.execute(retire)
        row = self._row(conversation) | {
            "id": conversation.id,
            "room": room,
            "line": conversation.line,
            "opened_at": conversation.opened_at,
        }
        await self._connection.execute(insert(t).values(row))
        await self._keep_handoff(conversation)

    async def save(self, conversation: Conversation, said: Sequence[Entry] = ()) -> None:
        saved = replace(conversation, revision=conversation.revision + 1)
        row = self._row(saved) | {"read_as": conversation.revision}
        row |= _lines(saved.id, said, self._digest)
        found = await self._connection.execute(self._tables.once(_save), row)
        if not found.scalar_one():
            raise Conflict("the conversation was saved by somebody else")
        await self._keep_handoff(saved)

    @staticmethod
    def _row(c: Conversation) -> dict[str, Any]:
        return {"holder": c.holder, "version": c.version, "revision": c.revision, "body": c}

    async def _keep_handoff(self, c: Conversation) -> None:
        """Write the hand-off through to the desk's list and wake the desks, in this commit."""
        if c.handoff is None:
            return
        h = c.handoff
        row = _handoff_row(c, h)
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
        "state": "ended" if h.outcome else c.holder,
        "reason": h.reason,
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
        lines = _lines(conversation, entries, self._digest)
        found = await self._connection.execute(self._tables.once(_append), lines)
        if not found.scalar_one():
            raise LookupError(f"there is no conversation {conversation}")

    async def read(
        self, conversation: str, *, after: datetime | None = None, limit: int = 200
    ) -> tuple[Entry, ...]:
        which = {"of": conversation, "since": after or _EVER, "most": limit}
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


def _at(tables: Tables) -> Select[Conversation]:
    t = tables["conversations"]
    return select(t.c.body).where(t.c.room == bindparam("in_room"), t.c.current)


def _recalled(tables: Tables) -> TextualSelect:
    """A conversation in one row with its last lines: one trip where there would be two."""
    recalled = text(
        "SELECT held.body AS held, said.* FROM conversations AS held, LATERAL ("
        "SELECT array_agg(seq ORDER BY seq) AS seqs, array_agg(at ORDER BY seq) AS times, "
        "array_agg(body ORDER BY seq) AS bodies FROM ("
        "SELECT seq, at, body FROM messages WHERE conversation = held.id AND NOT withdrawn "
        "ORDER BY seq DESC LIMIT :most) AS last) AS said WHERE held.room = :room AND held.current"
    )
    return recalled.columns(
        held=tables["conversations"].c.body.type,
        seqs=ARRAY(BigInteger),
        times=ARRAY(tables["messages"].c.at.type),
        bodies=ARRAY(LargeBinary),
    )


def _lines(of: str, entries: Sequence[Entry], digest: Callable[[str], str]) -> dict[str, Any]:
    """What `_APPENDED` takes."""
    return {
        "of": of,
        "many": len(entries),
        "keys": [digest(entry.key) for entry in entries],
        "times": [entry.at for entry in entries],
        "kinds": [entry.kind for entry in entries],
        "authors": [entry.author for entry in entries],
        "bodies": list(entries),
    }


_APPENDING = (
    "WITH first AS ("
    "UPDATE conversations SET SAVED next_seq = next_seq + :many WHERE id = :of UNMOVED "
    "RETURNING id, next_seq - :many - 1 AS before), "
    "put AS ("
    "INSERT INTO messages (conversation, seq, key, at, kind, author, body) "
    "SELECT first.id, first.before + n, line.key, at, kind, author, line.body FROM first, "
    "unnest(:keys, :times, :kinds, :authors, :bodies) "
    "WITH ORDINALITY AS line (key, at, kind, author, body, n) ON CONFLICT (key) DO NOTHING) "
    "SELECT EXISTS (SELECT FROM first) AS found"
)
"""Numbers lines and appends those not known yet; whether there is such a conversation."""
_SAVED = (
    "holder = :holder, version = :version, revision = :revision, body = :body, updated_at = now(), "
)


def _append(tables: Tables) -> TextualSelect:
    return _appending(_APPENDING.replace("SAVED", "").replace("UNMOVED", ""), tables)


def _save(tables: Tables) -> TextualSelect:
    """Stores a conversation that nobody has moved, with what was said, in one trip."""
    save = _APPENDING.replace("SAVED", _SAVED).replace("UNMOVED", "AND revision = :read_as")
    body = bindparam("body", type_=tables["conversations"].c.body.type)
    return _appending(save, tables, body)


def _appending(statement: str, tables: Tables, *more: BindParameter[Any]) -> TextualSelect:
    m = tables["messages"]
    typed = text(statement).bindparams(
        *more,
        bindparam("many", type_=BigInteger),
        bindparam("keys", type_=ARRAY(m.c.key.type)),
        bindparam("times", type_=ARRAY(m.c.at.type)),
        bindparam("kinds", type_=ARRAY(m.c.kind.type)),
        bindparam("authors", type_=ARRAY(m.c.author.type)),
        bindparam("bodies", type_=ARRAY(m.c.body.type)),
    )
    return typed.columns(found=Boolean)


def _last(tables: Tables) -> Select[int, Entry]:
    t = tables["messages"]
    seen = (t.c.conversation == bindparam("of"), t.c.at > bindparam("since"), ~t.c.withdrawn)
    return select(t.c.seq, t.c.body).where(*seen).order_by(t.c.seq.desc()).limit(bindparam("most"))

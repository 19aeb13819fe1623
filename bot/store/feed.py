"""What web chats have been sent, and the announcements that wake their streams."""

import base64
import zlib

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from bot.domain.message import Address
from bot.domain.ports import FeedItem
from bot.store.keyring import Keyring
from bot.store.outbox import PostgresOutbox
from bot.store.tables import Tables

CHANNEL = "careline_room"
SIGNAL = "signal"
_LONGEST = 8000
"""Bytes that NOTIFY carries. A signal that is longer is left out: it would only have passed."""


def heard(payload: str, keyring: Keyring) -> tuple[str, bytes]:
    """The room an announcement is about, and what passes through it (empty: read again)."""
    room, _, sealed = payload.partition(":")
    if not sealed:
        return room, b""
    return room, zlib.decompress(keyring.open(base64.b64decode(sealed), place=SIGNAL))


class PostgresFeed:
    """Feed rows of one transaction."""

    def __init__(self, connection: AsyncConnection, tables: Tables, outbox: PostgresOutbox) -> None:
        self._connection = connection
        self._tables = tables
        self._feed = tables["feed"]
        self._rooms = tables["rooms"]
        self._keyring = tables.keyring
        self._outbox = outbox

    async def add(self, room: Address, key: str, body: bytes) -> int:
        name = self._room(room)
        bumped = await self._connection.execute(self._tables.once(_bump), {"room": name})
        seq = bumped.scalar_one()
        row = {"room": name, "seq": seq, "key": self._keyring.digest(key), "body": body.decode()}
        if (await self._connection.execute(self._tables.once(_put), row)).first() is not None:
            return seq
        return await self._known(name, key)

    async def _known(self, name: str, key: str) -> int:
        """Give the number back, which the lock on the room's row kept ours, and find the first."""
        f, rooms = self._feed, self._rooms
        back = update(rooms).where(rooms.c.room == name).values(last_seq=rooms.c.last_seq - 1)
        await self._connection.execute(back)
        first = select(f.c.seq).where(f.c.key == self._keyring.digest(key))
        return int((await self._connection.execute(first)).scalar_one())

    async def read(self, room: Address, *, after: int, limit: int = 500) -> tuple[FeedItem, ...]:
        f = self._feed
        statement = (
            select(f.c.seq, f.c.body)
            .where(f.c.room == self._room(room), f.c.seq > after)
            .order_by(f.c.seq)
            .limit(limit)
        )
        rows = await self._connection.execute(statement)
        return tuple(FeedItem(seq=r.seq, body=r.body.encode()) for r in rows)

    async def holds(self, conversation: str, version: int) -> bool:
        return await self._outbox.holds(conversation, version)

    async def signal(self, room: Address, body: bytes) -> None:
        packed = zlib.compress(body)
        sealed = self._keyring.seal(packed, place=SIGNAL)  # a draft holds words
        payload = f"{self._room(room)}:{base64.b64encode(sealed).decode()}"
        if len(payload) < _LONGEST:
            await self._connection.execute(select(func.pg_notify(CHANNEL, payload)))

    def _room(self, room: Address) -> str:
        return self._keyring.digest(room.key())


def _bump(tables: Tables) -> ReturningInsert[int]:
    """The next number of a room, whose row stays locked until the commit."""
    rooms = tables["rooms"]
    return (
        insert(rooms)
        .values(last_seq=1)
        .on_conflict_do_update(index_elements=["room"], set_={"last_seq": rooms.c.last_seq + 1})
        .returning(rooms.c.last_seq)
    )


def _put(tables: Tables) -> ReturningInsert[None]:
    f = tables["feed"]
    wake = func.pg_notify(CHANNEL, f.c.room)
    return insert(f).on_conflict_do_nothing(index_elements=["key"]).returning(wake)

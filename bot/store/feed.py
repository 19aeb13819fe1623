"""What web chats have been sent, and the announcements that wake their streams."""

import base64
import zlib

from sqlalchemy import BigInteger, TextualSelect, bindparam, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.message import Address
from bot.domain.ports import FeedItem
from bot.store.keyring import Keyring
from bot.store.outbox import PostgresOutbox
from bot.store.tables import KEPT, Tables

CHANNEL = "careline_room"
SIGNAL = "signal"
_BODY = "feed.body"
_LONGEST = 8000
"""Bytes that NOTIFY carries. A signal that is longer is left out: it would only have passed."""
CARRIED = 5600
"""Bytes of a sealed item that an announcement can carry, as base64 in lines; more is read again."""
ANNOUNCED = (
    f"pg_notify('{CHANNEL}', room || CASE WHEN octet_length(body) > {CARRIED} THEN '' "
    "ELSE '#' || seq || ':' || encode(body, 'base64') END)"
)
"""Wakes a room's streams with a row of `feed` that is being written, in SQL."""


def room_of(payload: str) -> str:
    """The room an announcement is about."""
    return payload.partition(":")[0].partition("#")[0]


def carries_item(payload: str) -> bool:
    """Whether an announcement carries what is kept, and not a signal."""
    return "#" in payload.partition(":")[0]


def heard(payload: str, keyring: Keyring) -> bytes:
    """What an announcement carries: an item, a signal that passes, or nothing (read again)."""
    head, _, carried = payload.partition(":")
    if not carried:
        return b""
    seq = head.partition("#")[2]
    sealed = base64.b64decode(carried)
    if not seq:
        return zlib.decompress(keyring.open(sealed, place=SIGNAL))
    body: str = KEPT[_BODY].validate_json(keyring.open(sealed, place=_BODY))
    return FeedItem(seq=int(seq), body=body.encode()).announced()


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
        row = {"room": name, "key": self._keyring.digest(key), "body": body.decode()}
        put = await self._connection.execute(self._tables.once(_put), row)
        seq: int | None = put.scalar_one_or_none()
        return await self._known(name, key) if seq is None else seq

    async def _known(self, name: str, key: str) -> int:
        """Somebody was faster: give the number back, which the room's row kept ours."""
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


def _put(tables: Tables) -> TextualSelect:
    """Appends an item under its room's next number, and wakes the room's streams.

    A known key gives its number, and none where it became known only meanwhile. The room's row
    stays locked until the commit: numbers show in their order.
    """
    put = text(
        "WITH known AS (SELECT seq FROM feed WHERE key = :key), "
        "bumped AS ("
        "INSERT INTO rooms AS r (room, last_seq) "
        "SELECT CAST(:room AS text), 1 WHERE NOT EXISTS (SELECT FROM known) "
        "ON CONFLICT (room) DO UPDATE SET last_seq = r.last_seq + 1 RETURNING last_seq), "
        "put AS ("
        "INSERT INTO feed (room, seq, key, body) SELECT :room, last_seq, :key, :body FROM bumped "
        "ON CONFLICT (key) DO NOTHING RETURNING seq, ANNOUNCED) "
        "SELECT seq FROM put UNION ALL SELECT seq FROM known".replace("ANNOUNCED", ANNOUNCED)
    )
    typed = put.bindparams(bindparam("body", type_=tables["feed"].c.body.type))
    return typed.columns(seq=BigInteger)

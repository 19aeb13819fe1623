"""One LISTEN connection per process, and everybody in the process who waits for something."""

import asyncio
import zlib
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from sqlalchemy import func, select

from bot.domain.errors import SettingsError
from bot.store.database import REACHING, Database
from bot.store.feed import CHANNEL, carries_item, heard, room_of

CHANNELS = (CHANNEL, "careline_desk", "careline_gaps", "careline_kb", "careline_modes")
_RECONNECT_S = 0.5
_BACKLOG = 1000


class PostgresSubscription:
    """What one listener has not seen yet; bounded, since what was lost is read again."""

    def __init__(self) -> None:
        self._payloads: deque[bytes] = deque(maxlen=_BACKLOG)
        self._rang = asyncio.Event()

    def put(self, payload: bytes) -> None:
        self._payloads.append(payload)
        self._rang.set()

    async def wait(self, seconds: float) -> tuple[bytes, ...]:
        try:
            async with asyncio.timeout(seconds):
                await self._rang.wait()
        except TimeoutError:
            return ()
        self._rang.clear()
        heard = tuple(self._payloads)
        self._payloads.clear()
        return heard


class PostgresNotices:
    """Announcements through NOTIFY. `run` keeps the connection for as long as it is awaited."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._url = database.url
        self._keyring = database.keyring
        self._topics: dict[str, set[PostgresSubscription]] = {}

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[PostgresSubscription]:
        name = self._name(topic)
        subscription = PostgresSubscription()
        self._topics.setdefault(name, set()).add(subscription)
        try:
            yield subscription
        finally:
            self._topics[name].discard(subscription)
            if not self._topics[name]:
                del self._topics[name]

    async def tell(self, topic: str, payload: bytes) -> None:
        told = select(func.pg_notify(f"careline_{topic}", payload.decode("ascii")))
        async with self._database.reading() as connection:
            await connection.execute(told)

    async def run(self) -> None:
        """Hear the database, reconnecting for ever; after a gap everybody reads again."""
        while True:
            try:
                await self._hear()
            except (psycopg.Error, OSError):
                self._wake_all()
            await asyncio.sleep(_RECONNECT_S)

    async def _hear(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, application_name="careline notices", **REACHING
        )
        async with connection:
            for channel in CHANNELS:
                await connection.execute(f"LISTEN {channel}")
            self._wake_all()
            async for notice in connection.notifies():
                self._pass_on(notice.channel, notice.payload)

    def _pass_on(self, channel: str, payload: str) -> None:
        if channel != CHANNEL:
            self._ring(channel.removeprefix("careline_"), payload.encode())
            return
        topic = f"room:{room_of(payload)}"
        if topic not in self._topics:
            return
        try:
            carried = heard(payload, self._keyring)
        except (SettingsError, ValueError, zlib.error):  # a key that this process does not have yet
            if not carries_item(payload):
                return  # a signal has passed; an item is there to be read again
            carried = b""
        self._ring(topic, carried)

    def _ring(self, topic: str, payload: bytes) -> None:
        for subscription in self._topics.get(topic, ()):
            subscription.put(payload)

    def _wake_all(self) -> None:
        for subscriptions in self._topics.values():
            for subscription in subscriptions:
                subscription.put(b"")

    def _name(self, topic: str) -> str:
        kind, _, address = topic.partition(":")
        return f"{kind}:{self._keyring.digest(address)}" if address else kind

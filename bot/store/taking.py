"""Taking an event in with all that follows from it: one statement, which is its own commit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.message import Inbound
from bot.domain.ports import Job
from bot.store.feed import ANNOUNCED
from bot.store.tables import Tables


@dataclass(frozen=True)
class Deferral:
    """How the engine starts a job, in SQL: an expression, and what it takes of a job.

    The store starts jobs without knowing the engine; the job exists if and only if the
    statement's transaction commits.
    """

    expression: str
    values: Callable[[Job], Mapping[str, object]]

    async def start(self, connection: AsyncConnection, job: Job) -> None:
        """Start a job in a transaction."""
        await connection.execute(text(f"SELECT {self.expression}"), dict(self.values(job)))


class Taking:
    """Takes events in on connections whose statements stand alone."""

    def __init__(self, tables: Tables, deferral: Deferral) -> None:
        self._digest = tables.keyring.digest
        self._deferral = deferral
        self._statement = _take(tables, deferral.expression)

    async def take(self, connection: AsyncConnection, event: Inbound, shown: bytes | None) -> bool:
        """Whether the event was new: then its work is started, and it is shown in its room."""
        room = self._digest(event.address.key())
        row: dict[str, object] = {
            "key": self._digest(event.key),
            "in_room": room,
            "channel": event.address.channel,
            "trace": event.trace,
            "body": event,
            "shown": None if shown is None else shown.decode(),
        }
        job = self._deferral.values(Job(kind="handle", room=room))
        taken = await connection.execute(self._statement, row | dict(job))
        return bool(taken.scalar_one())


def _take(tables: Tables, expression: str) -> TextClause:
    events, feed = tables["events"], tables["feed"]
    take = _TAKE.replace("START_A_JOB", expression).replace("ANNOUNCED", ANNOUNCED)
    return text(take).bindparams(
        bindparam("body", type_=events.c.body.type), bindparam("shown", type_=feed.c.body.type)
    )


_TAKE = (
    "WITH added AS ("
    "INSERT INTO events (key, room, channel, trace, body) "
    "VALUES (:key, :in_room, :channel, :trace, :body) "
    "ON CONFLICT (key) DO NOTHING RETURNING id), "
    "started AS (SELECT START_A_JOB FROM added), "
    "bumped AS ("
    "INSERT INTO rooms AS r (room, last_seq) SELECT CAST(:in_room AS text), 1 FROM added "
    "WHERE CAST(:shown AS bytea) IS NOT NULL AND NOT EXISTS (SELECT FROM feed WHERE key = :key) "
    "ON CONFLICT (room) DO UPDATE SET last_seq = r.last_seq + 1 RETURNING last_seq), "
    "put AS ("
    "INSERT INTO feed (room, seq, key, body) SELECT :in_room, last_seq, :key, :shown "
    "FROM bumped RETURNING ANNOUNCED) "
    "SELECT (SELECT count(*) FROM added) FROM (SELECT count(*) FROM started) AS a, "
    "(SELECT count(*) FROM put) AS b"
)
"""What a transaction would do in five trips. Every part hangs on the event being new."""

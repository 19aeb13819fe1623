"""Ending a turn that only talks: one statement, which is its own commit."""

from dataclasses import replace

import psycopg.errors
from sqlalchemy import TextualSelect, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import Conflict
from bot.domain.ports import PlainTurn
from bot.store.appending import SAVE, appending, lines_of, saved_of
from bot.store.feed import ANNOUNCED
from bot.store.tables import Tables


async def finish(connection: AsyncConnection, tables: Tables, turn: PlainTurn) -> bool:
    """Whether the room has another event. Raises `Conflict`, and then nothing is done."""
    digest, conversation = tables.keyring.digest, turn.conversation
    saved = replace(conversation, revision=conversation.revision + 1)
    shown: dict[str, str] = {}
    for one in turn.shown:  # the same item twice is one item, as where it is stored already
        shown.setdefault(digest(one.key), one.body.decode())
    row = saved_of(saved) | lines_of(saved.id, turn.said, digest)
    row |= {
        "event": turn.event,
        "room": digest(conversation.address.key()),
        "shown_keys": list(shown),
        "shown_bodies": list(shown.values()),
    }
    try:
        found = (await connection.execute(tables.once(_finish), row)).scalar_one()
    except DBAPIError as exc:
        if isinstance(exc.orig, psycopg.errors.DivisionByZero):
            raise Conflict("the conversation was saved by somebody else") from exc
        raise
    if found is None:
        raise Conflict("the event was done already")
    return bool(found)


def _finish(tables: Tables) -> TextualSelect:
    feed = tables["feed"]
    saved = SAVE.replace("AND revision", "AND EXISTS (SELECT FROM done) AND revision")
    finished = _FINISH.replace("SAVED", saved).replace("ANNOUNCED", ANNOUNCED)
    return appending(finished, tables).bindparams(
        bindparam("shown_keys", type_=ARRAY(feed.c.key.type)),
        bindparam("shown_bodies", type_=ARRAY(feed.c.body.type)),
    )


_FINISH = (
    "WITH done AS ("
    "UPDATE events SET state = 'done' WHERE id = :event AND state = 'undone' RETURNING id, room), "
    "SAVED, "
    "fresh AS ("
    "SELECT one.key, one.body, row_number() OVER (ORDER BY one.n) AS n FROM first, "
    "unnest(:shown_keys, :shown_bodies) WITH ORDINALITY AS one (key, body, n) "
    "WHERE NOT EXISTS (SELECT FROM feed WHERE feed.key = one.key)), "
    "bumped AS ("
    "INSERT INTO rooms AS r (room, last_seq) "
    "SELECT CAST(:room AS text), count(*) FROM fresh HAVING count(*) > 0 "
    "ON CONFLICT (room) DO UPDATE SET last_seq = r.last_seq + EXCLUDED.last_seq "
    "RETURNING last_seq - (SELECT count(*) FROM fresh) AS before), "
    "shown AS ("
    "INSERT INTO feed (room, seq, key, body) "
    "SELECT :room, bumped.before + fresh.n, fresh.key, fresh.body FROM fresh, bumped "
    "RETURNING ANNOUNCED) "
    "SELECT CASE WHEN NOT EXISTS (SELECT FROM done) THEN NULL "
    "WHEN EXISTS (SELECT FROM first) THEN EXISTS ("
    "SELECT FROM events AS other, done WHERE other.room = done.room AND other.id <> done.id "
    "AND other.state = 'undone') "
    "ELSE 1 / (SELECT count(*) FROM first) = 1 END AS found "
    "FROM (SELECT count(*) FROM shown) AS told"
)
"""What a transaction would do in six trips. An event that was done already changes nothing; a
conversation that somebody has moved ends in a division by zero, which takes the event's mark back.
"""

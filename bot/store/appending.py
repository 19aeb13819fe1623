"""The parts of statements that store a conversation and append what was said in it."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Boolean, TextualSelect, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from bot.domain.conversation import Conversation, Entry
from bot.store.tables import Tables

_APPEND = (
    "first AS ("
    "UPDATE conversations SET SAVED next_seq = next_seq + :many WHERE id = :of UNMOVED "
    "RETURNING id, next_seq - :many - 1 AS before), "
    "put AS ("
    "INSERT INTO messages (conversation, seq, key, at, kind, author, body) "
    "SELECT first.id, first.before + n, line.key, at, kind, author, line.body FROM first, "
    "unnest(:keys, :times, :kinds, :authors, :bodies) "
    "WITH ORDINALITY AS line (key, at, kind, author, body, n) ON CONFLICT (key) DO NOTHING)"
)
_SAVED = (
    "holder = :holder, version = :version, revision = :revision, body = :held, updated_at = now(), "
)

APPEND = _APPEND.replace("SAVED", "").replace("UNMOVED", "")
"""Numbers lines and appends those not known yet; `first` is empty without a conversation."""

SAVE = _APPEND.replace("SAVED", _SAVED).replace("UNMOVED", "AND revision = :revision - 1")
"""Stores a conversation with what was said; `first` is empty where its revision has moved."""

FOUND = " SELECT EXISTS (SELECT FROM first) AS found"


def saved_of(conversation: Conversation) -> dict[str, Any]:
    """What `SAVE` takes of a conversation as it is to be stored."""
    return {
        "holder": conversation.holder,
        "version": conversation.version,
        "revision": conversation.revision,
        "held": conversation,
    }


def lines_of(of: str, entries: Sequence[Entry], digest: Callable[[str], str]) -> dict[str, Any]:
    """What `APPEND` and `SAVE` take of the lines of a conversation."""
    return {
        "of": of,
        "many": len(entries),
        "keys": [digest(entry.key) for entry in entries],
        "times": [entry.at for entry in entries],
        "kinds": [entry.kind for entry in entries],
        "authors": [entry.author for entry in entries],
        "bodies": list(entries),
    }


def appending(statement: str, tables: Tables) -> TextualSelect:
    """A statement with one of them in it, which says in one column, `found`, how it went."""
    m = tables["messages"]
    bound = text(statement).bindparams(
        bindparam("many", type_=BigInteger),
        bindparam("keys", type_=ARRAY(m.c.key.type)),
        bindparam("times", type_=ARRAY(m.c.at.type)),
        bindparam("kinds", type_=ARRAY(m.c.kind.type)),
        bindparam("authors", type_=ARRAY(m.c.author.type)),
        bindparam("bodies", type_=ARRAY(m.c.body.type)),
    )
    if ":held" in statement:
        held = tables["conversations"].c.body.type
        bound = bound.bindparams(bindparam("held", type_=held))
    return bound.columns(found=Boolean)

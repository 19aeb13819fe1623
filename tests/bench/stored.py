"""Filling the tables as years of use would: 100,000 timers, a million stored messages.

The rows are copies of one sealed body each, in conversations that nobody continues.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from pydantic import TypeAdapter

from bot.domain.conversation import Conversation, Entry
from bot.domain.message import Address, Text
from bot.store.keyring import Keyring

PER_CONVERSATION = 10
_WORDS = "Nobody reads this, but it is as long as an answer usually is. " * 5

_CONVERSATIONS = """
INSERT INTO conversations (id, room, line, holder, version, revision, next_seq, opened_at, body)
SELECT 'filler-' || n, md5('filler-' || n), 'shop', 'bot', 1, 1, 11, now(), %s
FROM generate_series(1, %s) AS n
"""
_MESSAGES = """
INSERT INTO messages (conversation, seq, key, at, kind, author, body)
SELECT 'filler-' || n, m, md5(n || ' m ' || m), now(), 'said', 'bot', %s
FROM generate_series(1, %s) AS n, generate_series(1, 10) AS m
"""
_EVENTS = """
INSERT INTO events (key, room, channel, trace, state, body)
SELECT md5(n || ' e ' || m), md5('filler-' || n), 'web', 'filler', 'done', %s
FROM generate_series(1, %s) AS n, generate_series(1, 5) AS m
"""
_OUTBOX = """
INSERT INTO outbox (key, room, conversation, author, holder_version, state, body)
SELECT md5(n || ' o ' || m), md5('filler-' || n), 'filler-' || n, 'bot', 1, 'sent', %s
FROM generate_series(1, %s) AS n, generate_series(1, 5) AS m
"""
_TIMERS = """
INSERT INTO timers (conversation, kind, due_at, version, ref)
SELECT 'filler-' || n, kind, now() + interval '30 days', 1, ''
FROM generate_series(1, %s) AS n, unnest(ARRAY['rung', 'reminder']) AS kind
"""
_EMPTY = (
    "DELETE FROM timers WHERE conversation LIKE 'filler-%'",
    "DELETE FROM outbox WHERE conversation LIKE 'filler-%'",
    "DELETE FROM events WHERE trace = 'filler'",
    "DELETE FROM messages WHERE conversation LIKE 'filler-%'",
    "DELETE FROM conversations WHERE id LIKE 'filler-%'",
)


@dataclass(frozen=True, slots=True)
class Filler:
    """Rows that are there and in the way of nobody."""

    url: str
    keyring: Keyring

    def timers(self, count: int) -> None:
        """So many timers that wait for a far-off time."""
        with psycopg.connect(self.url) as connection:
            connection.execute(_CONVERSATIONS, (self._conversation(), count // 2))
            connection.execute(_TIMERS, (count // 2,))
        self._tidy()

    def messages(self, count: int) -> None:
        """So many transcript lines, with the events and sends that belong to them."""
        rooms = count // PER_CONVERSATION
        body = self._entry()
        with psycopg.connect(self.url) as connection:
            connection.execute(_CONVERSATIONS, (self._conversation(), rooms))
            for statement in (_MESSAGES, _EVENTS, _OUTBOX):
                connection.execute(statement, (body, rooms))
        self._tidy()

    def empty(self) -> None:
        """Take all of it out again."""
        with psycopg.connect(self.url) as connection:
            for statement in _EMPTY:
                connection.execute(statement)
        self._tidy()

    def _tidy(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

    def _conversation(self) -> bytes:
        body = Conversation(
            id="filler",
            line="shop",
            address=Address(channel="web", account="shop", room="filler"),
            opened_at=datetime.fromtimestamp(0, UTC),
        )
        return self._sealed(TypeAdapter(Conversation).dump_json(body), "conversations.body")

    def _entry(self) -> bytes:
        body = Entry(
            key="filler",
            kind="said",
            author="bot",
            parts=(Text(text=_WORDS),),
            at=datetime.fromtimestamp(0, UTC),
        )
        return self._sealed(TypeAdapter(Entry).dump_json(body), "messages.body")

    def _sealed(self, body: bytes, place: str) -> bytes:
        return self.keyring.seal(body, place=place)

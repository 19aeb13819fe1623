"""The tables. Words and identifiers are `Sealed`; beside them keyed hashes for look-up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from bot.domain.contact import Person
from bot.domain.conversation import Compose, Conversation, Entry
from bot.domain.message import Inbound, Outbound, Receipt
from bot.store.keyring import Keyring
from bot.store.sealed import Sealed

S = TypeVar("S")
UTC = DateTime(timezone=True)
UNDONE = text("state = 'undone'")
PARKED = text("state = 'parked'")
OPEN = text("state IN ('unsent', 'sending')")
"""As written in the partial indexes: with a parameter, a prepared plan could not use them."""
KEPT: dict[str, TypeAdapter[Any]] = {
    "events.body": TypeAdapter(Inbound),
    "conversations.body": TypeAdapter(Conversation),
    "messages.body": TypeAdapter(Entry),
    "outbox.body": TypeAdapter(Outbound),
    "outbox.receipt": TypeAdapter(Receipt),
    "composes.body": TypeAdapter(Compose),
    "feed.body": TypeAdapter(str),
    "handoffs.summary": TypeAdapter(str),
    "handoffs.claimed_name": TypeAdapter(str),
    "handoffs.tried": TypeAdapter(tuple[str, ...]),
    "staff.body": TypeAdapter(Person),
}
"""Every sealed column, and the type it keeps."""


@dataclass(frozen=True)
class Tables:
    """All tables of one schema, bound to a key ring."""

    keyring: Keyring
    metadata: MetaData = field(default_factory=MetaData)
    _built: dict[Callable[["Tables"], Any], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for make in (_engine_tables, _desk_tables, _knowledge_tables):
            make(self)

    def sealed(self, place: str, *, nullable: bool = False) -> Column[Any]:
        """A sealed column, named by its place."""
        kind: Sealed[Any] = Sealed(KEPT[place], self.keyring, place)
        return Column(place.split(".")[1], kind, nullable=nullable)

    def once(self, build: Callable[["Tables"], S]) -> S:
        """A statement of these tables, built at its first use: building costs more than running."""
        if build not in self._built:
            self._built[build] = build(self)
        statement: S = self._built[build]
        return statement

    def __getitem__(self, name: str) -> Table:
        return self.metadata.tables[name]


def _engine_tables(t: Tables) -> None:
    m = t.metadata
    Table(
        "conversations",
        m,
        Column("id", Text, primary_key=True),
        Column("room", Text, nullable=False),
        Column("line", Text, nullable=False),
        Column("holder", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("revision", BigInteger, nullable=False),
        Column("next_seq", BigInteger, nullable=False, server_default="1"),
        Column("current", Boolean, nullable=False, server_default="true"),
        Column("opened_at", UTC, nullable=False),
        Column("updated_at", UTC, nullable=False, server_default=text("now()")),
        t.sealed("conversations.body"),
        Index("conversations_current", "room", unique=True, postgresql_where=text("current")),
    )
    Table(
        "events",
        m,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("key", Text, nullable=False, unique=True),
        Column("room", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("trace", Text, nullable=False),
        Column("state", Text, nullable=False, server_default="undone"),
        Column("tries", Integer, nullable=False, server_default="0"),
        Column("error", Text),
        Column("received_at", UTC, nullable=False, server_default=text("clock_timestamp()")),
        t.sealed("events.body"),
        Index("events_undone", "room", "id", postgresql_where=UNDONE),
        Index("events_parked", "id", postgresql_where=PARKED),
    )
    Table(
        "messages",
        m,
        Column("conversation", ForeignKey("conversations.id"), primary_key=True),
        Column("seq", BigInteger, primary_key=True),
        Column("key", Text, nullable=False, unique=True),
        Column("at", UTC, nullable=False),
        Column("kind", Text, nullable=False),
        Column("author", Text, nullable=False),
        Column("withdrawn", Boolean, nullable=False, server_default="false"),
        t.sealed("messages.body"),
    )
    Table(
        "outbox",
        m,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("key", Text, nullable=False, unique=True),
        Column("room", Text, nullable=False),
        Column("conversation", ForeignKey("conversations.id"), nullable=False),
        Column("author", Text, nullable=False),
        Column("holder_version", BigInteger, nullable=False),
        Column("state", Text, nullable=False, server_default="unsent"),
        Column("tries", Integer, nullable=False, server_default="0"),
        Column("due_at", UTC, nullable=False, server_default=text("'epoch'")),
        Column("sending_by", Text),
        Column("created_at", UTC, nullable=False, server_default=text("clock_timestamp()")),
        Column("settled_at", UTC),
        t.sealed("outbox.body"),
        t.sealed("outbox.receipt", nullable=True),
        Index("outbox_conversation", "conversation"),
        Index("outbox_open", "room", "id", postgresql_where=OPEN),
    )
    Table(
        "timers",
        m,
        Column("conversation", ForeignKey("conversations.id"), primary_key=True),
        Column("kind", Text, primary_key=True),
        Column("due_at", UTC, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("ref", Text, nullable=False),
        Index("timers_due", "due_at"),
    )
    Table(
        "composes",
        m,
        Column("id", Text, primary_key=True),
        Column("room", Text, nullable=False),
        Column("created_at", UTC, nullable=False, server_default=text("clock_timestamp()")),
        t.sealed("composes.body"),
    )
    Table(
        "feed",
        m,
        Column("room", Text, primary_key=True),
        Column("seq", BigInteger, primary_key=True),
        Column("key", Text, nullable=False, unique=True),
        Column("at", UTC, nullable=False, server_default=text("clock_timestamp()")),
        t.sealed("feed.body"),
    )
    Table(
        "rooms",
        m,
        Column("room", Text, primary_key=True),
        Column("last_seq", BigInteger, nullable=False),
    )
    Table(
        "processes",
        m,
        Column("id", Text, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("seen_at", UTC, nullable=False),
    )


def _desk_tables(t: Tables) -> None:
    m = t.metadata
    Table(
        "handoffs",
        m,
        Column("id", Text, primary_key=True),
        Column("conversation", ForeignKey("conversations.id"), nullable=False),
        Column("line", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("priority", Text, nullable=False),
        Column("opened_at", UTC, nullable=False),
        Column("waiting_since", UTC),
        Column("claimed_by", Text),
        Column("claimed_at", UTC),
        Column("ended_at", UTC),
        Column("outcome", Text),
        t.sealed("handoffs.summary"),
        t.sealed("handoffs.claimed_name", nullable=True),
        t.sealed("handoffs.tried"),
        Index("handoffs_conversation", "conversation"),
        Index("handoffs_open", "line", "opened_at", postgresql_where=text("state <> 'ended'")),
        Index("handoffs_ended", "ended_at", postgresql_where=text("state = 'ended'")),
    )
    Table(
        "staff",
        m,
        Column("id", Text, primary_key=True),
        Column("email_hash", Text, unique=True),
        Column("password", Text),
        t.sealed("staff.body"),
    )
    Table(
        "staff_tokens",
        m,
        Column("digest", Text, primary_key=True),
        Column("staff", ForeignKey("staff.id"), nullable=False),
        Column("kind", Text, nullable=False),
        Column("expires_at", UTC, nullable=False),
        Index("staff_tokens_staff", "staff"),
    )
    Table(
        "line_modes",
        m,
        Column("line", Text, primary_key=True),
        Column("mode", Text, nullable=False),
        Column("by", Text, nullable=False),
        Column("at", UTC, nullable=False),
    )


def _knowledge_tables(t: Tables) -> None:
    m = t.metadata
    Table(
        "editions",
        m,
        Column("kb", Text, primary_key=True),
        Column("version", Integer, primary_key=True),
        Column("fingerprint", Text, nullable=False),
        Column("articles", Integer, nullable=False),
        Column("gate_answer", Float, nullable=False),
        Column("gate_offer", Float, nullable=False),
        Column("made_at", UTC, nullable=False),
    )
    Table(
        "live_editions",
        m,
        Column("kb", Text, primary_key=True),
        Column("version", Integer, nullable=False),
    )
    Table(
        "articles",
        m,
        Column("kb", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("since", Integer, primary_key=True),
        Column("until", Integer),
        Column("body", LargeBinary, nullable=False),
    )
    Table(
        "phrasings",
        m,
        Column("kb", Text, primary_key=True),
        Column("article", Text, primary_key=True),
        Column("place", Integer, primary_key=True),
        Column("since", Integer, primary_key=True),
        Column("until", Integer),
        Column("kind", Text, nullable=False),
        Column("digest", Text, nullable=False),
        Column("vector", LargeBinary, nullable=False),
    )

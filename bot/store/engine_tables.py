"""The tables of conversations and of the work on them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)

from bot.store.sealed import Seal

UTC = DateTime(timezone=True)
UNDONE = text("state = 'undone'")
PARKED = text("state = 'parked'")
OPEN = text("state IN ('unsent', 'sending')")
"""As written in the partial indexes: with a parameter, a prepared plan could not use them."""


def conversations(m: MetaData, sealed: Seal) -> None:
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
        sealed("conversations.body"),
        Index("conversations_current", "room", unique=True, postgresql_where=text("current")),
    )


def events(m: MetaData, sealed: Seal) -> None:
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
        sealed("events.body"),
        Index("events_undone", "room", "id", postgresql_where=UNDONE),
        Index("events_parked", "id", postgresql_where=PARKED),
    )


def messages(m: MetaData, sealed: Seal) -> None:
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
        sealed("messages.body"),
    )


def outbox(m: MetaData, sealed: Seal) -> None:
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
        Column("receipt_key", Text),
        Column("reached", Integer, nullable=False, server_default="0"),
        sealed("outbox.body"),
        sealed("outbox.receipt", nullable=True),
        Index("outbox_conversation", "conversation"),
        Index("outbox_receipt", "receipt_key", postgresql_where=text("receipt_key IS NOT NULL")),
        Index("outbox_open", "room", "id", postgresql_where=OPEN),
    )


def timers(m: MetaData, _sealed: Seal) -> None:
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


def composes(m: MetaData, sealed: Seal) -> None:
    Table(
        "composes",
        m,
        Column("id", Text, primary_key=True),
        Column("room", Text, nullable=False),
        Column("created_at", UTC, nullable=False, server_default=text("clock_timestamp()")),
        sealed("composes.body"),
    )


def costs(m: MetaData, _sealed: Seal) -> None:
    """What each turn with a language model has cost: counts and names from settings, no words."""
    Table(
        "costs",
        m,
        Column("job", Text, primary_key=True),
        Column("line", Text, nullable=False),
        Column("at", UTC, nullable=False),
        Column("ended", Text, nullable=False),
        Column("model", Text, nullable=False),
        Column("tokens_in", BigInteger, nullable=False),
        Column("tokens_out", BigInteger, nullable=False),
        Column("micros", BigInteger, nullable=False),
        Index("costs_at", "at"),
    )


def feed(m: MetaData, sealed: Seal) -> None:
    Table(
        "feed",
        m,
        Column("room", Text, primary_key=True),
        Column("seq", BigInteger, primary_key=True),
        Column("key", Text, nullable=False, unique=True),
        Column("at", UTC, nullable=False, server_default=text("clock_timestamp()")),
        sealed("feed.body"),
    )


def files(m: MetaData, sealed: Seal) -> None:
    """What customers and staff gave each other, by the room it belongs to."""
    Table(
        "files",
        m,
        Column("id", Text, primary_key=True),
        Column("room", Text, nullable=False),
        Column("added_at", UTC, nullable=False, server_default=text("clock_timestamp()")),
        sealed("files.head"),
        sealed("files.content"),
        Index("files_room", "room"),
    )


def rooms(m: MetaData, _sealed: Seal) -> None:
    Table(
        "rooms",
        m,
        Column("room", Text, primary_key=True),
        Column("last_seq", BigInteger, nullable=False),
    )


def installs(m: MetaData, sealed: Seal) -> None:
    """Where our app is installed on platforms."""
    Table(
        "installs",
        m,
        Column("channel", Text, primary_key=True),
        Column("account", Text, primary_key=True),
        Column("organisation", Text),
        sealed("installs.body"),
    )


def consents(m: MetaData, sealed: Seal) -> None:
    """Who asked not to be written to: a row each time, so that it can be shown later."""
    Table(
        "consents",
        m,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("key", Text, nullable=False, unique=True),
        Column("who", Text, nullable=False),
        Column("at", UTC, nullable=False),
        sealed("consents.body"),
        Index("consents_who", "who", "at"),
    )


def processes(m: MetaData, _sealed: Seal) -> None:
    Table(
        "processes",
        m,
        Column("id", Text, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("seen_at", UTC, nullable=False),
    )


TABLES = (
    conversations,
    events,
    messages,
    outbox,
    timers,
    composes,
    costs,
    feed,
    files,
    rooms,
    processes,
    installs,
    consents,
)

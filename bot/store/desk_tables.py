"""The tables of the desk, of staff and of knowledge."""

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
    SmallInteger,
    Table,
    Text,
    text,
)

from bot.domain.results import CRITERIA
from bot.store.sealed import Seal

UTC = DateTime(timezone=True)


def handoffs(m: MetaData, sealed: Seal) -> None:
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
        Column("thread", Text),
        Column("rule", Text),
        sealed("handoffs.summary"),
        sealed("handoffs.claimed_name", nullable=True),
        sealed("handoffs.tried"),
        Index("handoffs_conversation", "conversation"),
        Index("handoffs_thread", "thread", postgresql_where=text("thread IS NOT NULL")),
        Index("handoffs_open", "line", "opened_at", postgresql_where=text("state <> 'ended'")),
        Index("handoffs_ended", "ended_at", postgresql_where=text("state = 'ended'")),
    )


def ratings(m: MetaData, sealed: Seal) -> None:
    """What customers thought of the person, one row a hand-off."""
    Table(
        "ratings",
        m,
        Column("handoff", Text, primary_key=True),
        Column("conversation", ForeignKey("conversations.id"), nullable=False),
        Column("line", Text, nullable=False),
        Column("score", SmallInteger, nullable=False),
        Column("at", UTC, nullable=False),
        sealed("ratings.comment", nullable=True),
        Index("ratings_at", "at"),
    )


def endings(m: MetaData, _sealed: Seal) -> None:
    """How conversations ended, one row each once they are over."""
    Table(
        "endings",
        m,
        Column("conversation", ForeignKey("conversations.id"), primary_key=True),
        Column("line", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("at", UTC, nullable=False),
        Index("endings_at", "at"),
    )


def scores(m: MetaData, _sealed: Seal) -> None:
    """How conversations went, for the bot and for people together; nobody is named."""
    criteria = (Column(name, Boolean) for name in CRITERIA)
    Table(
        "scores",
        m,
        Column("conversation", ForeignKey("conversations.id"), primary_key=True),
        Column("party", Text, primary_key=True),
        Column("line", Text, nullable=False),
        Column("at", UTC, nullable=False),
        *criteria,
        Index("scores_at", "at"),
    )


def staff(m: MetaData, sealed: Seal) -> None:
    Table(
        "staff",
        m,
        Column("id", Text, primary_key=True),
        Column("email_hash", Text, unique=True),
        Column("password", Text),
        sealed("staff.body"),
    )


def staff_tokens(m: MetaData, _sealed: Seal) -> None:
    Table(
        "staff_tokens",
        m,
        Column("digest", Text, primary_key=True),
        Column("staff", ForeignKey("staff.id"), nullable=False),
        Column("kind", Text, nullable=False),
        Column("expires_at", UTC, nullable=False),
        Index("staff_tokens_staff", "staff"),
    )


def calendars(m: MetaData, sealed: Seal) -> None:
    Table(
        "calendars",
        m,
        Column("name", Text, primary_key=True),
        Column("tried_at", UTC, nullable=False),
        Column("read_at", UTC),
        Column("fault", Text),
        sealed("calendars.shifts", nullable=True),
    )


def line_modes(m: MetaData, _sealed: Seal) -> None:
    Table(
        "line_modes",
        m,
        Column("line", Text, primary_key=True),
        Column("mode", Text, nullable=False),
        Column("by", Text, nullable=False),
        Column("at", UTC, nullable=False),
    )


def editions(m: MetaData, _sealed: Seal) -> None:
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
        Column("judge", LargeBinary),
    )


def live_editions(m: MetaData, _sealed: Seal) -> None:
    Table(
        "live_editions",
        m,
        Column("kb", Text, primary_key=True),
        Column("version", Integer, nullable=False),
    )


def publications(m: MetaData, _sealed: Seal) -> None:
    Table(
        "publications",
        m,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("kb", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("act", Text, nullable=False),
        Column("at", UTC, nullable=False),
        Column("articles", Integer, nullable=False),
        Index("publications_kb", "kb", "id"),
    )


def articles(m: MetaData, _sealed: Seal) -> None:
    Table(
        "articles",
        m,
        Column("kb", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("since", Integer, primary_key=True),
        Column("until", Integer),
        Column("body", LargeBinary, nullable=False),
    )


def phrasings(m: MetaData, _sealed: Seal) -> None:
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


def labels(m: MetaData, sealed: Seal) -> None:
    Table(
        "labels",
        m,
        Column("kb", Text, primary_key=True),
        Column("fingerprint", Text, nullable=False),
        sealed("labels.body"),
    )


TABLES = (
    handoffs, ratings, endings, scores, staff, staff_tokens, calendars, line_modes, editions,
    live_editions, publications, articles, phrasings, labels,
)  # fmt: skip

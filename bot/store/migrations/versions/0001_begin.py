"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
SEALED = sa.LargeBinary()


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("kb", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer()),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kb", "id", "since"),
    )
    op.create_table(
        "composes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("created_at", UTC, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("body", SEALED, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("next_seq", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("current", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("opened_at", UTC, nullable=False),
        sa.Column("updated_at", UTC, server_default=sa.text("now()"), nullable=False),
        sa.Column("body", SEALED, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "conversations_current",
        "conversations",
        ["room"],
        unique=True,
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "editions",
        sa.Column("kb", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("gate_answer", sa.Float(), nullable=False),
        sa.Column("gate_offer", sa.Float(), nullable=False),
        sa.Column("made_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("kb", "version"),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="undone", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("received_at", UTC, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("body", SEALED, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("events_parked", "events", ["id"], postgresql_where=sa.text("state = 'parked'"))
    op.create_index(
        "events_undone", "events", ["room", "id"], postgresql_where=sa.text("state = 'undone'")
    )
    op.create_table(
        "feed",
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", UTC, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("body", SEALED, nullable=False),
        sa.PrimaryKeyConstraint("room", "seq"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "line_modes",
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("line"),
    )
    op.create_table(
        "live_editions",
        sa.Column("kb", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kb"),
    )
    op.create_table(
        "phrasings",
        sa.Column("kb", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kb", "article", "place", "since"),
    )
    op.create_table(
        "processes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("seen_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "rooms",
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("room"),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email_hash", sa.Text()),
        sa.Column("password", sa.Text()),
        sa.Column("body", SEALED, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email_hash"),
    )
    op.create_table(
        "handoffs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("opened_at", UTC, nullable=False),
        sa.Column("waiting_since", UTC),
        sa.Column("claimed_by", sa.Text()),
        sa.Column("claimed_at", UTC),
        sa.Column("ended_at", UTC),
        sa.Column("outcome", sa.Text()),
        sa.Column("summary", SEALED, nullable=False),
        sa.Column("claimed_name", SEALED),
        sa.Column("tried", SEALED, nullable=False),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("handoffs_conversation", "handoffs", ["conversation"])
    op.create_index(
        "handoffs_ended", "handoffs", ["ended_at"], postgresql_where=sa.text("state = 'ended'")
    )
    op.create_index(
        "handoffs_open",
        "handoffs",
        ["line", "opened_at"],
        postgresql_where=sa.text("state <> 'ended'"),
    )
    op.create_table(
        "messages",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("body", SEALED, nullable=False),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("conversation", "seq"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("holder_version", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="unsent", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", UTC, server_default=sa.text("'epoch'"), nullable=False),
        sa.Column("sending_by", sa.Text()),
        sa.Column("created_at", UTC, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("settled_at", UTC),
        sa.Column("body", SEALED, nullable=False),
        sa.Column("receipt", SEALED),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("outbox_conversation", "outbox", ["conversation"])
    op.create_index(
        "outbox_open",
        "outbox",
        ["room", "id"],
        postgresql_where=sa.text("state IN ('unsent', 'sending')"),
    )
    op.create_table(
        "staff_tokens",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("expires_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"]),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("staff_tokens_staff", "staff_tokens", ["staff"])
    op.create_table(
        "timers",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", UTC, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("conversation", "kind"),
    )
    op.create_index("timers_due", "timers", ["due_at"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup: a revision is never taken back")

"""How conversations ended, and how content customers were with a person."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ratings",
        sa.Column("handoff", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("handoff"),
    )
    op.create_index("ratings_at", "ratings", ["at"])
    op.create_table(
        "endings",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("conversation"),
    )
    op.create_index("endings_at", "endings", ["at"])
    # What goes on already is looked at as well: a timer re-reads the truth, and waits if need be.
    op.execute(
        "INSERT INTO timers (conversation, kind, due_at, version, ref) "
        "SELECT id, CASE holder WHEN 'closed' THEN 'reopen_closes' ELSE 'silence' END, "
        "now() + interval '24 hours', version, '' FROM conversations WHERE current "
        "ON CONFLICT DO NOTHING"
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup: a revision is never taken back")

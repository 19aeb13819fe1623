"""How conversations went, criterion by criterion; it names nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scores",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=True),
        sa.Column("grounded", sa.Boolean(), nullable=True),
        sa.Column("polite", sa.Boolean(), nullable=True),
        sa.Column("timely", sa.Boolean(), nullable=True),
        sa.Column("disclosed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("conversation", "party"),
    )
    op.create_index("scores_at", "scores", ["at"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup: a revision is never taken back")

"""The staff thread of a hand-off, by a keyed hash: what is written there finds its conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("handoffs", sa.Column("thread", sa.Text()))
    op.create_index(
        "handoffs_thread",
        "handoffs",
        ["thread"],
        postgresql_where=sa.text("thread IS NOT NULL"),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup: a revision is never taken back")

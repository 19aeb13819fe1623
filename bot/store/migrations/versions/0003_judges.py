"""Judges beside their editions, and the labelled questions they learn from."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SEALED = sa.LargeBinary()


def upgrade() -> None:
    op.add_column("editions", sa.Column("judge", sa.LargeBinary()))
    op.create_table(
        "labels",
        sa.Column("kb", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("body", SEALED, nullable=False),
        sa.PrimaryKeyConstraint("kb"),
    )

"""Who asked not to be written to, and how far messages have come."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_index("consents_who", "consents", ["who", "at"])
    op.add_column("outbox", sa.Column("receipt_key", sa.Text(), nullable=True))
    op.add_column(
        "outbox", sa.Column("reached", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_index(
        "outbox_receipt",
        "outbox",
        ["receipt_key"],
        postgresql_where=sa.text("receipt_key IS NOT NULL"),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup: a revision is never taken back")

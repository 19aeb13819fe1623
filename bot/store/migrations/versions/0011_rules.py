"""Which rule called for a person, beside the reason."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("handoffs", sa.Column("rule", sa.Text()))


def downgrade() -> None:
    raise NotImplementedError("restore a backup: a revision is never taken back")

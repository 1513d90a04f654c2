"""A breath: a conversation whose customer may go on writing is left alone, unless something newer comes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("breath_after", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("sessions", "breath_after")

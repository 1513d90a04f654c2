"""Sends that are parked are found by an index of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

PARKED = sa.text("state = 'parked'")


def upgrade() -> None:
    op.create_index("outbox_parked", "outbox", ["id"], postgresql_where=PARKED)


def downgrade() -> None:
    op.drop_index("outbox_parked", table_name="outbox", postgresql_where=PARKED)

"""When a visitor of the chat first wrote: only those who did are in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("web_sessions", sa.Column("spoke_at", sa.TIMESTAMP(timezone=True)))


def downgrade() -> None:
    op.drop_column("web_sessions", "spoke_at")

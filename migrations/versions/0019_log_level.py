"""How much is logged, said at run time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log_level",
        sa.Column("one", sa.Boolean, server_default=sa.text("true"), primary_key=True),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("at", TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("one", name=op.f("log_level_there_is_one")),
        sa.CheckConstraint("level in ('debug', 'info', 'warning', 'error')", name=op.f("log_level_level_is_known")),
    )


def downgrade() -> None:
    op.drop_table("log_level")

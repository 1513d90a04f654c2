"""The vehicles of a desk, for desks that know theirs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vehicles",
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("plate", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("vehicles_desk_id_fkey")),
        sa.PrimaryKeyConstraint("desk_id", "code", name=op.f("vehicles_pkey")),
    )


def downgrade() -> None:
    op.drop_table("vehicles")

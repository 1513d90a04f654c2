"""Erasing a person: who is cut off, tombstones, and marks of erased events; how far a sweep has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contacts", sa.Column("erased_at", TIMESTAMP(timezone=True), nullable=True))
    op.create_index("contacts_erased_at", "contacts", ["erased_at"], postgresql_where=sa.text("erased_at is not null"))
    op.create_index("inbox_nobody", "inbox", ["id"], postgresql_where=sa.text("conversation_id is null"))
    op.create_table(
        "tombstones",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("erased_at", TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("tombstones_pkey")),
    )
    op.create_table(
        "erased_events",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("erased_events_pkey")),
    )
    op.create_table(
        "sweeps",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("sweeps_pkey")),
    )
    op.execute("insert into sweeps (kind, reached) values ('bodies', 0)")


def downgrade() -> None:
    op.drop_table("sweeps")
    op.drop_table("erased_events")
    op.drop_table("tombstones")
    op.drop_index("inbox_nobody", table_name="inbox", postgresql_where=sa.text("conversation_id is null"))
    op.drop_index("contacts_erased_at", table_name="contacts", postgresql_where=sa.text("erased_at is not null"))
    op.drop_column("contacts", "erased_at")

"""Customers and survey questions, beside equipment and service centres."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customers",
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("city", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("customers_desk_id_fkey")),
        sa.PrimaryKeyConstraint("desk_id", "code", name=op.f("customers_pkey")),
    )
    op.create_table(
        "survey_questions",
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.CheckConstraint("number between 1 and 6", name=op.f("survey_questions_number_is_known")),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("survey_questions_desk_id_fkey")),
        sa.PrimaryKeyConstraint("desk_id", "number", name=op.f("survey_questions_pkey")),
    )


def downgrade() -> None:
    op.drop_table("survey_questions")
    op.drop_table("customers")

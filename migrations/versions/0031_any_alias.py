"""A channel may know people by names of a kind of its own."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f("aliases_kind_is_known"), "aliases", type_="check")


def downgrade() -> None:
    """Not valid for what is there already: names of other kinds stay."""
    op.execute(
        "alter table aliases add constraint aliases_kind_is_known"
        " check (kind in ('bsuid', 'parent_bsuid', 'wa_id', 'web', 'email')) not valid"
    )

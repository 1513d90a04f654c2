"""A channel may know people by names of a kind of its own."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f("aliases_kind_is_known"), "aliases", type_="check")


KINDS = "('bsuid', 'parent_bsuid', 'wa_id', 'web', 'email')"


def downgrade() -> None:
    """Not valid for names of other kinds, which stay; where there are none, the constraint is as it was."""
    op.execute(f"alter table aliases add constraint aliases_kind_is_known check (kind in {KINDS}) not valid")
    op.execute(
        f"do $$ begin if not exists (select 1 from aliases where kind not in {KINDS}) then"
        " alter table aliases validate constraint aliases_kind_is_known; end if; end $$"
    )

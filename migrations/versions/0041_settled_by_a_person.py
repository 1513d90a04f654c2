"""An errand whose outcome nobody knows may be answered by a person of staff."""

from __future__ import annotations

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table errands add column answer jsonb")


def downgrade() -> None:
    op.execute("alter table errands drop column answer")

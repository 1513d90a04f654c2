"""How long people waited for a person is found by the steps that asked for one."""

from __future__ import annotations

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create index steps_person on steps (at) where trigger = 'person'")


def downgrade() -> None:
    op.drop_index("steps_person", "steps")

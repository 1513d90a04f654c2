"""An errand may be asked of a person of staff (`asked`), and a person may say what came of one (`answer`)."""

from __future__ import annotations

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

STATES = "('waiting', 'done', 'failed', 'unknown')"
NOW = "('waiting', 'asked', 'done', 'failed', 'unknown')"


def upgrade() -> None:
    op.execute("alter table errands add column answer jsonb")
    _only(NOW)


def downgrade() -> None:
    """Asks no person any more: what waited for a person has failed."""
    op.execute("update errands set state = 'failed', finished_at = now() where state = 'asked'")
    _only(STATES)
    op.execute("alter table errands drop column answer")


def _only(states: str) -> None:
    op.execute("alter table errands drop constraint errands_state_is_known")
    op.execute(f"alter table errands add constraint errands_state_is_known check (state in {states}) not valid")
    op.execute("alter table errands validate constraint errands_state_is_known")

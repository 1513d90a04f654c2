"""Dead letters that staff put aside, with who and why; they no longer count as dead letters in the report."""

from __future__ import annotations

from importlib import import_module

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

before = import_module("migrations.versions.0012_waiting_events")

THEN = before.INBOX.replace("i.text\nfrom inbox i\n", f"i.text, {before.NEW}\nfrom inbox i\n")
NOW = THEN.replace(
    "i.state = 'buried' as is_buried", "i.state = 'buried' and i.discarded_at is null as is_buried, i.discarded_at"
)


def upgrade() -> None:
    op.add_column("inbox", sa.Column("discarded_at", TIMESTAMP(timezone=True), nullable=True))
    op.add_column("inbox", sa.Column("discarded_by", sa.Text(), nullable=True))
    op.add_column("inbox", sa.Column("discarded_why", sa.Text(), nullable=True))
    op.execute(NOW)


def downgrade() -> None:
    op.execute("drop view report.inbox")
    op.execute(THEN)
    op.drop_column("inbox", "discarded_why")
    op.drop_column("inbox", "discarded_by")
    op.drop_column("inbox", "discarded_at")

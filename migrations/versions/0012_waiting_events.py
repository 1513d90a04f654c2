"""The report of the inbox tells in a column of its own what waits and what was given up, so that an index finds it."""

from __future__ import annotations

from importlib import import_module

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

before = import_module("migrations.versions.0005_what_is_noticed")

NEW = "i.state = 'waiting' as is_waiting, i.state = 'buried' as is_buried"
INBOX = before.REPLACED["inbox"].replace("create view", "create or replace view")


def upgrade() -> None:
    op.execute(INBOX.replace("i.text\nfrom inbox i\n", f"i.text, {NEW}\nfrom inbox i\n"))


def downgrade() -> None:
    op.execute("drop view report.inbox")
    op.execute(before.REPLACED["inbox"])

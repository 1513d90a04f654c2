"""Tickets have a priority: urgent where somebody is in danger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TICKETS = """
create or replace view report.tickets as
select number, desk_id as desk, kind, status, conversation_id, created_at, resolved_at, summary, content, assignee{}
from tickets where report.sees(desk_id)
"""


def upgrade() -> None:
    op.add_column("tickets", sa.Column("priority", sa.Text, nullable=False, server_default=sa.text("'normal'")))
    op.create_check_constraint("priority_is_known", "tickets", "priority in ('normal', 'urgent')")
    op.execute(TICKETS.format(", priority"))


def downgrade() -> None:
    op.execute("drop view report.tickets")
    op.execute(TICKETS.format(""))
    op.drop_column("tickets", "priority")

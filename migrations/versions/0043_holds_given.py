"""Holds: one that was booked where somebody else gives out the units is shown as booked, and each hold once."""

from __future__ import annotations

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

VIEW = """
create or replace view report.holds as
select h.id, h.desk_id as desk, h.conversation_id, h.resource, h.unit, h.period, b.amount, b.currency,
    {state} as state, h.until, h.key, h.kept, h.created_at, h.ended_at
from holds h {bookings}
where report.sees(h.desk_id)
"""
SEEN = VIEW.format(
    state="""case when h.state in ('booked', 'cancelled') then h.state when b.state in ('booked', 'cancelled') then b.state
        when h.state = 'held' and h.until <= now() then 'expired' else h.state end""",
    bookings="""left join lateral (
    select b.amount, b.currency, b.state from bookings b where b.desk_id = h.desk_id and b.hold_key = h.key
    order by b.state = 'booked' desc, b.id desc limit 1
) b on h.key <> ''""",
)
BEFORE = VIEW.format(
    state="case when h.state = 'held' and h.until <= now() then 'expired' else h.state end",
    bookings="left join bookings b on b.desk_id = h.desk_id and b.hold_key = h.key",
)


def upgrade() -> None:
    op.execute(SEEN)


def downgrade() -> None:
    op.execute(BEFORE)

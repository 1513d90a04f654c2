"""Days and reasons of errands, and names of what is booked, in the report: for panels of desks that book.

Only days and reasons of an errand are shown, never the rest of what it was about.
"""

from __future__ import annotations

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

ERRANDS = """
create or replace view report.errands as
select e.id, ch.desk_id as desk, e.service, e.what, e.key,
    case when e.state = 'waiting' and e.lease_token is not null and e.leased_until > now() then 'claimed'
        else e.state end as state,
    e.attempts, e.error, e.created_at, e.finished_at as done_at, e.conversation_id, e.event_id{more}
from errands e
join conversations conv on conv.id = e.conversation_id
join channels ch on ch.id = conv.channel_id
where report.sees(ch.desk_id)
"""
MORE_OF_ERRANDS = """,
    coalesce(e.result ->> 'why', substring(e.error from '^Rejected: (.*)$')) as why,
    case when pg_input_is_valid(e.content ->> 'arrives', 'date') then (e.content ->> 'arrives')::date end as begins,
    case when pg_input_is_valid(e.content ->> 'leaves', 'date') then (e.content ->> 'leaves')::date end as ends,
    e.wanted_at, e.answer is not null as settled_by_staff"""
BOOKINGS = """
create or replace view report.bookings as
select b.id, b.desk_id as desk, b.conversation_id, b.resource, b.period, b.amount, b.currency, b.state,
    b.changed_at as until, b.key, b.reference, b.attention, b.source, b.quote_id, b.created_at, b.changed_at{more}
from bookings b where report.sees(b.desk_id)
"""
MORE_OF_BOOKINGS = """, b.content ->> 'name' as title, b.content -> 'units' as units,
    case when pg_input_is_valid(b.content #>> '{late,until}', 'timestamptz')
        then (b.content #>> '{late,until}')::timestamptz end as late_until"""


def upgrade() -> None:
    op.execute(ERRANDS.replace("{more}", MORE_OF_ERRANDS))
    op.execute(BOOKINGS.replace("{more}", MORE_OF_BOOKINGS))
    op.execute("create index errands_unknown on errands (id) where state = 'unknown'")
    op.execute(
        "create index audit_of_booking on audit (split_part(subject, ' ', 1)) where subject ~ '^(booking|hold):'"
    )


def downgrade() -> None:
    op.execute("drop index audit_of_booking")
    op.execute("drop index errands_unknown")
    for view, before in (("errands", ERRANDS), ("bookings", BOOKINGS)):
        op.execute(f"drop view report.{view}")
        op.execute(before.replace("{more}", ""))

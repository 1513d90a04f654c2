"""Staff with access to every desk read history and statuses without a desk lookup for each row.

A row of these tables names no desk: it has to be found by way of the conversation or the send, which for a month of
rows takes longer than all the rest. Now that is done only where a reader may not see them all, and for the column
`desk` only where somebody asks for it: an outer join that nobody uses is left out by the planner.
"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ALL = "coalesce(nullif(current_setting('turno.desks', true), ''), '*') = '*'"

STEPS = f"""
create or replace view report.steps as
select st.conversation_id, st.version, st.from_state, st.to_state, st.trigger, st.origin, st.event_id, st.reading,
    st.at, st.from_flow, st.to_flow, st.replies, st.note, ch.desk_id as desk
from steps st
left join conversations conv on conv.id = st.conversation_id
left join channels ch on ch.id = conv.channel_id
where {ALL} or exists (
    select from conversations c join channels own on own.id = c.channel_id
    where c.id = st.conversation_id and report.sees(own.desk_id)
)
"""

DELIVERIES = f"""
create or replace view report.deliveries as
select d.id, ch.desk_id as desk, d.outbox_id as outbound_id, o.conversation_id, d.state, d.error_code,
    d.pricing_category, d.billable, d.at, d.received_at
from deliveries d
left join outbox o on o.id = d.outbox_id
left join channels ch on ch.id = o.channel_id
where d.outbox_id is not null and ({ALL} or exists (
    select from outbox sent join channels own on own.id = sent.channel_id
    where sent.id = d.outbox_id and report.sees(own.desk_id)
))
"""

STEPS_BEFORE = """
create or replace view report.steps as
select st.conversation_id, st.version, st.from_state, st.to_state, st.trigger, st.origin, st.event_id, st.reading,
    st.at, st.from_flow, st.to_flow, st.replies, st.note, ch.desk_id as desk
from steps st
join conversations conv on conv.id = st.conversation_id
join channels ch on ch.id = conv.channel_id
where report.sees(ch.desk_id)
"""

DELIVERIES_BEFORE = """
create or replace view report.deliveries as
select d.id, ch.desk_id as desk, d.outbox_id as outbound_id, o.conversation_id, d.state, d.error_code,
    d.pricing_category, d.billable, d.at, d.received_at
from deliveries d
join outbox o on o.id = d.outbox_id
join channels ch on ch.id = o.channel_id
where report.sees(ch.desk_id)
"""


def upgrade() -> None:
    op.execute(STEPS)
    op.execute(DELIVERIES)


def downgrade() -> None:
    op.execute(STEPS_BEFORE)
    op.execute(DELIVERIES_BEFORE)

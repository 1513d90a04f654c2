"""Schema `report`: the read-only views that staff, scripts and BI tools rely on."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MASK = """
create function report.mask(value text) returns text language sql immutable parallel safe
return case when length(value) > 4 then repeat('•', 6) || right(value, 4) else repeat('•', 6) end
"""

INBOX = """
create view report.inbox as
select i.id, ch.desk_id as desk, ch.kind as channel_kind, i.external_id, i.kind, i.conversation_id,
    case when i.state = 'waiting' and s.leased_until > now() and s.lease_token is not null
        and not exists (
            select 1 from inbox e
            where e.conversation_id = i.conversation_id and e.state = 'waiting' and e.id < i.id
        )
        then 'claimed' else i.state end as state,
    case when i.state = 'waiting' then greatest(i.attempts, 0) else i.attempts end as attempts,
    i.retries, i.last_retry_at, i.received_at, i.finished_at, i.error, i.sent_at, ch.address, i.text
from inbox i
join channels ch on ch.id = i.channel_id
left join sessions s on s.conversation_id = i.conversation_id
"""

OUTBOX = """
create view report.outbox as
select o.id, ch.desk_id as desk, o.conversation_id, o.kind, o.text, o.state, o.external_id, o.attempts, o.error_code,
    o.created_at, o.sent_at, o.error, o.delivered_at, o.read_at, o.unknowns, o.initiative, o.event_id, o.correlation_id
from outbox o
join channels ch on ch.id = o.channel_id
"""

CONVERSATIONS = """
create view report.conversations as
select conv.id, ch.desk_id as desk, ch.kind as channel_kind,
    report.mask(coalesce(
        (select a.value from aliases a where a.contact_id = conv.contact_id and a.kind <> 'parent_bsuid'
         order by a.kind = 'wa_id' desc, a.learned_at desc limit 1), '')) as contact,
    s.flow, s.state, s.version, s.updated_at as last_activity_at, s.agent, s.flow_version, s.language, s.heard_at,
    conv.created_at
from conversations conv
join channels ch on ch.id = conv.channel_id
join sessions s on s.conversation_id = conv.id
"""

STEPS = """
create view report.steps as
select conversation_id, version, from_state, to_state, trigger, origin, event_id, reading, at, from_flow, to_flow,
    replies, note
from steps
"""

TRANSCRIPT = """
create view report.transcript as
select i.conversation_id, i.received_at as at, 'customer' as author, i.kind,
    case when i.text <> '' then i.text else '[' || i.kind || ']' end as text, null::text as delivery, i.id as event_id,
    null::bigint as outbound_id
from inbox i
where i.conversation_id is not null and i.kind not in ('timer', 'agent', 'media_result', 'system', 'notice')
union all
select o.conversation_id, o.created_at, coalesce(o.content ->> 'author', 'bot'), o.kind, o.text, o.state, o.event_id,
    o.id
from outbox o
"""

TICKETS = """
create view report.tickets as
select number, desk_id as desk, kind, status, conversation_id, created_at, resolved_at, summary, content
from tickets
"""

VIEWS = ("inbox", "outbox", "conversations", "steps", "transcript", "tickets")


def upgrade() -> None:
    op.execute("create schema report")
    for statement in (MASK, INBOX, OUTBOX, CONVERSATIONS, STEPS, TRANSCRIPT, TICKETS):
        op.execute(statement)


def downgrade() -> None:
    for view in reversed(VIEWS):
        op.execute(f"drop view report.{view}")
    op.execute("drop function report.mask(text)")
    op.execute("drop schema report")

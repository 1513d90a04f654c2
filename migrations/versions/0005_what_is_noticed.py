"""Process telemetry: heartbeats, conflicts, refusals, breakers. And what staff may see: views by desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SEES = """
create function report.sees(desk text) returns boolean language sql stable parallel safe
return coalesce(nullif(current_setting('turno.desks', true), ''), '*') = '*'
    or coalesce(desk = any (string_to_array(current_setting('turno.desks', true), ',')), false)
"""

STEPS = """
create view report.steps as
select st.conversation_id, st.version, st.from_state, st.to_state, st.trigger, st.origin, st.event_id, st.reading,
    st.at, st.from_flow, st.to_flow, st.replies, st.note, ch.desk_id as desk
from steps st
join conversations conv on conv.id = st.conversation_id
join channels ch on ch.id = conv.channel_id
where report.sees(ch.desk_id)
"""

TRANSCRIPT = """
create view report.transcript as
select i.conversation_id, i.received_at as at, 'customer' as author, i.kind,
    case when i.text <> '' then i.text else '[' || i.kind || ']' end as text, null::text as delivery, i.id as event_id,
    null::bigint as outbound_id, ch.desk_id as desk
from inbox i
join channels ch on ch.id = i.channel_id
where i.conversation_id is not null and i.kind not in ('timer', 'agent', 'media_result', 'system', 'notice')
    and report.sees(ch.desk_id)
union all
select o.conversation_id, o.created_at, coalesce(o.content ->> 'author', 'bot'), o.kind, o.text, o.state, o.event_id,
    o.id, ch.desk_id
from outbox o
join channels ch on ch.id = o.channel_id
where report.sees(ch.desk_id)
"""

BEFORE = {
    "inbox": """
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
""",
    "outbox": """
create view report.outbox as
select o.id, ch.desk_id as desk, o.conversation_id, o.kind, o.text, o.state, o.external_id, o.attempts, o.error_code,
    o.created_at, o.sent_at, o.error, o.delivered_at, o.read_at, o.unknowns, o.initiative, o.event_id, o.correlation_id
from outbox o
join channels ch on ch.id = o.channel_id
""",
    "conversations": """
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
""",
    "steps": """
create view report.steps as
select conversation_id, version, from_state, to_state, trigger, origin, event_id, reading, at, from_flow, to_flow,
    replies, note
from steps
""",
    "transcript": """
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
""",
    "tickets": """
create view report.tickets as
select number, desk_id as desk, kind, status, conversation_id, created_at, resolved_at, summary, content
from tickets
""",
    "photos": """
create view report.photos as
select p.id, ch.desk_id as desk, p.conversation_id, p.event_id, p.purpose, p.sha256, p.bytes, p.received_at,
    p.stored_at, t.number as ticket
from photos p
join conversations conv on conv.id = p.conversation_id
join channels ch on ch.id = conv.channel_id
left join lateral (
    select t.number from tickets t
    where t.conversation_id = p.conversation_id
        and t.created_at >= p.received_at and t.created_at < p.received_at + interval '1 day'
        and not exists (
            select 1 from steps s
            where s.conversation_id = p.conversation_id and s.at > p.received_at and s.at < t.created_at
                and (s.to_state in ('cancelled', 'timed_out') or s.trigger = 'restart')
        )
    order by t.created_at, t.number limit 1
) t on true
""",
}
"""The views as they are there already."""

REPLACED = {
    "inbox": f"{BEFORE['inbox']}where report.sees(ch.desk_id)",
    "outbox": f"{BEFORE['outbox']}where report.sees(ch.desk_id)",
    "conversations": f"{BEFORE['conversations']}where report.sees(ch.desk_id)",
    "steps": STEPS,
    "transcript": TRANSCRIPT,
    "tickets": f"{BEFORE['tickets']}where report.sees(desk_id)",
    "photos": f"{BEFORE['photos']}where report.sees(ch.desk_id)",
}
"""The same, each with the desks its reader may see, and new columns at the end."""

ADDED = {
    "desks": """
create view report.desks as
select id as desk, name, language, timezone from desks where report.sees(id)
""",
    "numbers": """
create view report.numbers as
select ch.address, ch.kind as channel_kind, ch.desk_id as desk, p.at as last_post_at,
    case when ch.paused_until > now() then ch.paused_until end as paused_until,
    case when ch.paused_until > now() then ch.paused_why else '' end as paused_why
from channels ch
left join last_posts p on p.channel_id = ch.id
where report.sees(ch.desk_id)
""",
    "deliveries": """
create view report.deliveries as
select d.id, ch.desk_id as desk, d.outbox_id as outbound_id, o.conversation_id, d.state, d.error_code,
    d.pricing_category, d.billable, d.at, d.received_at
from deliveries d
join outbox o on o.id = d.outbox_id
join channels ch on ch.id = o.channel_id
where report.sees(ch.desk_id)
""",
    "ratings": """
create view report.ratings as
select a.ticket, t.desk_id as desk, a.question, coalesce(q.short, 'Question ' || a.question) as short, a.rating, a.at
from survey_answers a
join tickets t on t.number = a.ticket
left join survey_questions q on q.desk_id = t.desk_id and q.number = a.question
where report.sees(t.desk_id)
""",
    "surveys": """
create view report.surveys as
select s.ticket, t.desk_id as desk, s.status, s.comment, s.sent_at, s.finished_at
from surveys s
join tickets t on t.number = s.ticket
where report.sees(t.desk_id)
""",
    "processes": """
create view report.processes as
select process, kind, host, pid, jobs, started_at, at as heard_at, at > now() - interval '20 seconds' as alive
from heartbeats
""",
    "breakers": """
create view report.breakers as
select b.key as breaker, b.value as state, h.kind as process_kind, h.host, h.pid, h.at as heard_at
from heartbeats h, jsonb_each_text(h.breakers) b
where h.at > now() - interval '20 seconds'
""",
    "breaker_changes": """
create view report.breaker_changes as
select at, name as breaker, detail ->> 'from' as from_state, detail ->> 'to' as to_state, detail ->> 'why' as why
from happenings where kind = 'breaker'
""",
    "refusals": """
create view report.refusals as
select at, name as why, count from happenings where kind = 'refused'
""",
    "conflicts": """
create view report.conflicts as
select h.at, h.conversation_id, h.count, ch.desk_id as desk
from happenings h
join conversations conv on conv.id = h.conversation_id
join channels ch on ch.id = conv.channel_id
where h.kind = 'conflict' and report.sees(ch.desk_id)
""",
}

TIMES = {
    "inbox": "received_at",
    "outbox": "created_at",
    "steps": "at",
    "deliveries": "received_at",
}
"""Rows come in the order of these times, so an index of ranges of pages finds a day of them and costs next to nothing."""


def upgrade() -> None:
    _tables()
    for table, column in TIMES.items():
        op.create_index(
            f"{table}_{column}", table, [column], postgresql_using="brin", postgresql_with={"pages_per_range": 32}
        )
    op.execute(SEES)
    for statement in REPLACED.values():
        op.execute(statement.replace("create view", "create or replace view"))
    for statement in ADDED.values():
        op.execute(statement)


def _tables() -> None:
    now = sa.text("now()")
    op.create_table(
        "heartbeats",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("jobs", ARRAY(sa.Text()), nullable=False),
        sa.Column("breakers", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("started_at", TIMESTAMP(timezone=True), server_default=now, nullable=False),
        sa.Column("at", TIMESTAMP(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("process", name=op.f("heartbeats_pkey")),
    )
    op.create_table(
        "happenings",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("at", TIMESTAMP(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("count", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("detail", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint("kind in ('conflict', 'refused', 'breaker')", name=op.f("happenings_kind_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("happenings_pkey")),
    )
    op.create_index("happenings_kind_at", "happenings", ["kind", "at"])
    op.create_table(
        "last_posts",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("at", TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("last_posts_channel_id_fkey")),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("last_posts_pkey")),
    )


def downgrade() -> None:
    for view in (*ADDED, *BEFORE):
        op.execute(f"drop view report.{view}")
    for statement in BEFORE.values():
        op.execute(statement)
    op.execute("drop function report.sees(text)")
    for table, column in TIMES.items():
        op.drop_index(f"{table}_{column}", table_name=table)
    for table in ("last_posts", "happenings", "heartbeats"):
        op.drop_table(table)

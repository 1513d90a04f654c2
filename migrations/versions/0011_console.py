"""The console: a role that owns nothing and logs in by itself, its schema of masked views, its history and queries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FUNCTIONS = """
create function console.sees(desk text) returns boolean language sql stable parallel safe
return coalesce(current_setting('turno.desks', true) = '*', false)
    or coalesce(desk = any (string_to_array(current_setting('turno.desks', true), ',')), false);

create function console.masked(value text) returns text language sql immutable parallel safe
return case when value <> '' then '••• (' || length(value) || ' characters)' else value end;

create function console.masked_id(value text) returns text language sql immutable parallel safe
return case when value ~ '^(timer|agent|media|ticket|switch):' then value
    when value like 'wamid.%' then 'wamid.…' || right(value, 4)
    else '•••' end;

create function console.first_word(value text) returns text language sql immutable parallel safe
return left((regexp_match(value, '^[A-Za-z_.]+'))[1], 60);
"""
"""Who sees a row when nobody said whose desks are theirs: no one. An error's message may quote a customer: its first
word, the error's name, does not."""

VIEWS = {
    "inbox": (
        "every event that came in",
        "id, desk, channel_kind, console.masked_id(external_id) as external_id, kind, conversation_id, state, attempts,"
        " retries, last_retry_at, received_at, finished_at, console.first_word(error) as error, sent_at,"
        " console.masked(text) as text",
    ),
    "outbox": (
        "everything that was said, or is to be said",
        "id, desk, conversation_id, kind, console.masked(text) as text, state,"
        " console.masked_id(external_id) as external_id, attempts, error_code, created_at, sent_at,"
        " console.first_word(error) as error, delivered_at, read_at, unknowns, initiative, event_id",
    ),
    "conversations": (
        "one person on one number, and where the conversation stands",
        "id, desk, channel_kind, contact, flow, state, version, last_activity_at, agent, flow_version, language,"
        " heard_at, created_at",
    ),
    "steps": (
        "the history: each change of a conversation",
        "conversation_id, version, from_state, to_state, trigger, origin, event_id, case when reading is not null then"
        " jsonb_build_object('intent', reading -> 'intent', 'confidence', reading -> 'confidence', 'source',"
        " reading -> 'source', 'why', reading -> 'why', 'ms', reading -> 'ms') end as reading,"
        " at, from_flow, to_flow, replies, desk",
    ),
    "transcript": (
        "what was said by whom, in order",
        "conversation_id, at, author, kind, console.masked(text) as text, delivery, event_id, outbound_id, desk",
    ),
    "tickets": (
        "reports and other tickets",
        "number, desk, kind, status, conversation_id, created_at, resolved_at, console.masked(summary) as summary,"
        " jsonb_strip_nulls(jsonb_build_object('equipment', jsonb_build_object('code', content #> '{equipment,code}',"
        " 'model', content #> '{equipment,model}', 'brand', content #> '{equipment,brand}'),"
        " 'arrival', jsonb_build_object('name', content #> '{arrival,name}'))) as content",
    ),
    "photos": (
        "photos that are kept, without the photos",
        "id, desk, conversation_id, event_id, purpose, bytes, received_at, stored_at, ticket",
    ),
    "desks": ("the businesses that are served", "desk, name, language, timezone"),
    "numbers": (
        "the numbers that are answered on",
        "channel_kind, desk, last_post_at, paused_until, paused_why, right(address, 4) as address",
    ),
    "deliveries": (
        "what became of sends, as the platform tells it",
        "id, desk, outbound_id, conversation_id, state, error_code, pricing_category, billable, at, received_at",
    ),
    "ratings": ("answers to surveys", "ticket, desk, question, short, rating, at"),
    "surveys": (
        "surveys that were sent",
        "ticket, desk, status, console.masked(comment) as comment, sent_at, finished_at",
    ),
    "processes": (
        "the processes and when they last were heard",
        "process, kind, host, pid, jobs, started_at, heard_at, alive",
    ),
    "breakers": ("the state of each circuit breaker", "breaker, state, process_kind, host, pid, heard_at"),
    "breaker_changes": ("when circuit breakers opened and closed", "at, breaker, from_state, to_state, why"),
    "refusals": ("POSTs that the door refused", "at, why, count"),
    "conflicts": ("turns that had to be taken again", "at, conversation_id, count, desk"),
}
"""Each view of `report` that the console has: what it holds, and its columns, masked."""

SEEN = {
    "inbox": """
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
where report.sees(ch.desk_id)""",
    "outbox": """
select o.id, ch.desk_id as desk, o.conversation_id, o.kind, o.text, o.state, o.external_id, o.attempts, o.error_code,
    o.created_at, o.sent_at, o.error, o.delivered_at, o.read_at, o.unknowns, o.initiative, o.event_id, o.correlation_id
from outbox o
join channels ch on ch.id = o.channel_id
where report.sees(ch.desk_id)""",
    "conversations": """
select conv.id, ch.desk_id as desk, ch.kind as channel_kind,
    report.mask(coalesce(
        (select a.value from aliases a where a.contact_id = conv.contact_id and a.kind <> 'parent_bsuid'
         order by a.kind = 'wa_id' desc, a.learned_at desc limit 1), '')) as contact,
    s.flow, s.state, s.version, s.updated_at as last_activity_at, s.agent, s.flow_version, s.language, s.heard_at,
    conv.created_at
from conversations conv
join channels ch on ch.id = conv.channel_id
join sessions s on s.conversation_id = conv.id
where report.sees(ch.desk_id)""",
    "steps": """
select st.conversation_id, st.version, st.from_state, st.to_state, st.trigger, st.origin, st.event_id, st.reading,
    st.at, st.from_flow, st.to_flow, st.replies, st.note, ch.desk_id as desk
from steps st
join conversations conv on conv.id = st.conversation_id
join channels ch on ch.id = conv.channel_id
where report.sees(ch.desk_id)
""",
    "transcript": """
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
""",
    "tickets": """
select number, desk_id as desk, kind, status, conversation_id, created_at, resolved_at, summary, content
from tickets
where report.sees(desk_id)""",
    "photos": """
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
where report.sees(ch.desk_id)""",
    "desks": """
select id as desk, name, language, timezone from desks where report.sees(id)
""",
    "numbers": """
select ch.address, ch.kind as channel_kind, ch.desk_id as desk, p.at as last_post_at,
    case when ch.paused_until > now() then ch.paused_until end as paused_until,
    case when ch.paused_until > now() then ch.paused_why else '' end as paused_why
from channels ch
left join last_posts p on p.channel_id = ch.id
where report.sees(ch.desk_id)
""",
    "deliveries": """
select d.id, ch.desk_id as desk, d.outbox_id as outbound_id, o.conversation_id, d.state, d.error_code,
    d.pricing_category, d.billable, d.at, d.received_at
from deliveries d
join outbox o on o.id = d.outbox_id
join channels ch on ch.id = o.channel_id
where report.sees(ch.desk_id)
""",
    "ratings": """
select a.ticket, t.desk_id as desk, a.question, coalesce(q.short, 'Question ' || a.question) as short, a.rating, a.at
from survey_answers a
join tickets t on t.number = a.ticket
left join survey_questions q on q.desk_id = t.desk_id and q.number = a.question
where report.sees(t.desk_id)
""",
    "surveys": """
select s.ticket, t.desk_id as desk, s.status, s.comment, s.sent_at, s.finished_at
from surveys s
join tickets t on t.number = s.ticket
where report.sees(t.desk_id)
""",
    "processes": """
select process, kind, host, pid, jobs, started_at, at as heard_at, at > now() - interval '20 seconds' as alive
from heartbeats
""",
    "breakers": """
select b.key as breaker, b.value as state, h.kind as process_kind, h.host, h.pid, h.at as heard_at
from heartbeats h, jsonb_each_text(h.breakers) b
where h.at > now() - interval '20 seconds'
""",
    "breaker_changes": """
select at, name as breaker, detail ->> 'from' as from_state, detail ->> 'to' as to_state, detail ->> 'why' as why
from happenings where kind = 'breaker'
""",
    "refusals": """
select at, name as why, count from happenings where kind = 'refused'
""",
    "conflicts": """
select h.at, h.conversation_id, h.count, ch.desk_id as desk
from happenings h
join conversations conv on conv.id = h.conversation_id
join channels ch on ch.id = conv.channel_id
where h.kind = 'conflict' and report.sees(ch.desk_id)
""",
}
"""What each is made of: not the view of `report`, which others may replace."""

WITHOUT_DESK = ("processes", "breakers", "breaker_changes", "refusals")

FORBIDDEN = (
    "^(set_config|pg_notify|pg_sleep.*|pg_(try_)?advisory_.*|lo_.*|loread|lowrite|.*_to_xml.*|ts_stat|ts_rewrite|nextval"
    "|setval|currval|lastval|pg_export_snapshot|pg_current_xact_id|txid_current|pg_logical_emit_message"
    "|pg_cancel_backend|pg_terminate_backend)$"
)
"""Functions that do harm from inside a read-only transaction, or run text as SQL."""

LIMITS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "30s",
    "transaction_timeout": "2min",
    "lock_timeout": "1s",
    "idle_in_transaction_session_timeout": "10s",
    "temp_file_limit": "256MB",
    "work_mem": "16MB",
    "hash_mem_multiplier": "1",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "search_path": "console",
    "log_min_error_statement": "panic",
    "track_activities": "off",
}
"""What holds for every session of the role; what one person asks stays out of the log and out of others' sight."""

CONFINE = f"""
create function console.confine() returns void language plpgsql set search_path = pg_catalog as $confine$
declare
    found record;
begin
    if not exists (select from pg_roles where rolname = 'turno_console') then
        begin
            create role turno_console login noinherit connection limit 8;
        exception
            when duplicate_object or unique_violation then null;  -- another database of this server made it just now
            when insufficient_privilege then
                raise warning 'console: % may not create roles', current_user;
                return;
        end;
    end if;
    for found in select * from (values {", ".join(f"('{name}', '{value}')" for name, value in LIMITS.items())}) l (name, value)
    loop
        continue when exists (
            select from pg_roles where rolname = 'turno_console' and rolconfig @> array[found.name || '=' || found.value]
        );
        begin
            execute format('alter role turno_console set %I = %L', found.name, found.value);
        exception when insufficient_privilege then
            raise warning 'console: % may not set %', current_user, found.name;
        end;
    end loop;
    grant usage on schema console to turno_console;
    grant select on all tables in schema console to turno_console;
    grant execute on function console.sees(text), console.masked(text), console.masked_id(text),
        console.first_word(text) to turno_console;
    perform console.take_from_public();
end
$confine$;

create function console.take_from_public() returns void language plpgsql set search_path = pg_catalog as $take$
declare
    others text;
    found text;
begin
    if not (select rolsuper from pg_roles where rolname = current_user) then
        raise warning 'console: only a superuser can take functions from it: select console.confine()';
        return;
    end if;
    select string_agg(format(', %I', rolname), '') into others
    from pg_roles where rolcanlogin and not rolsuper and rolname <> 'turno_console';
    for found in
        select format('function %s', oid::regprocedure) from pg_proc where proname ~ '{FORBIDDEN}'
            and pronamespace = 'pg_catalog'::regnamespace
        union all select 'language plpgsql'
        union all select 'schema public'
    loop
        execute format('grant %s on %s to current_user%s', console.right_on(found), found, others);
        execute format('revoke %s on %s from public', console.right_on(found), found);
    end loop;
end
$take$;

create function console.give_to_public() returns void language plpgsql set search_path = pg_catalog as $give$
declare
    found text;
begin
    for found in
        select format('function %s', oid::regprocedure) from pg_proc where proname ~ '{FORBIDDEN}'
            and pronamespace = 'pg_catalog'::regnamespace
        union all select 'language plpgsql'
        union all select 'schema public'
    loop
        execute format('grant %s on %s to public', console.right_on(found), found);
    end loop;
end
$give$;

create function console.right_on(thing text) returns text language sql immutable
return case when thing like 'function %' then 'execute' else 'usage' end;

revoke execute on function console.confine(), console.take_from_public(), console.give_to_public(),
    console.right_on(text) from public;
"""
"""`select console.confine()` may be run again whenever a superuser wants to: after a new major version of PostgreSQL,
or where the migration was not allowed to. Whoever else could log in keeps what PUBLIC loses."""

UNDONE = """
do $undo$
begin
    if (select rolsuper from pg_roles where rolname = current_user) then
        perform console.give_to_public();
    end if;
end
$undo$
"""

ROLE_DROPPED = """
do $drop$
begin
    drop role if exists turno_console;
exception when dependent_objects_still_exist or object_in_use or insufficient_privilege or internal_error then
    raise notice 'console: the role stays, another database uses it';
end
$drop$
"""


def upgrade() -> None:
    _tables()
    op.execute("create schema console")
    op.execute(FUNCTIONS)
    for name, (told, columns) in VIEWS.items():
        op.execute(_view(name, columns))
        op.execute(f"comment on view console.{name} is '{told}'")
    op.execute(CONFINE)
    op.execute("select console.confine()")


def _view(name: str, columns: str) -> str:
    desk = "" if name in WITHOUT_DESK else "where console.sees(desk)"
    return f"create view console.{name} with (security_barrier) as select {columns} from ({SEEN[name]}) as seen {desk}"


def _tables() -> None:
    now = sa.text("now()")
    op.create_table(
        "console_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", TIMESTAMP(timezone=True), server_default=now, nullable=False),
        sa.Column("sql", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("console_runs_staff_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("console_runs_pkey")),
    )
    op.create_index("console_runs_staff_id", "console_runs", ["staff_id", "id"])
    op.create_table(
        "console_queries",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sql", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("saved_at", TIMESTAMP(timezone=True), server_default=now, nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("console_queries_staff_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("console_queries_pkey")),
        sa.UniqueConstraint("staff_id", "name", name=op.f("console_queries_staff_id_name_key")),
    )


def downgrade() -> None:
    op.execute(UNDONE)
    op.execute("drop schema console cascade")
    op.execute(ROLE_DROPPED)
    op.drop_table("console_queries")
    op.drop_table("console_runs")

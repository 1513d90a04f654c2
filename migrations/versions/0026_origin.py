"""An event says whose it is: the customer's, a timer's, staff's or the system's. Nothing else lists kinds of events.

The version before goes on writing: a trigger names the origin of what comes without one. Rows that are there are filled
in batches of their own commits, and only then is the column required, by a check that is validated without a long lock.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BATCH = 10_000

ORIGIN_OF = """
create or replace function origin_of(kind text) returns text language sql immutable parallel safe
return case
    when kind = 'timer' then 'timer'
    when kind in ('agent', 'ticket', 'echo') then 'agent'
    when kind in ('media_result', 'system', 'notice') then 'system'
    else 'customer'
end
"""

TRIGGER = """
create or replace function name_origin() returns trigger language plpgsql as $$
begin
    new.origin := public.origin_of(new.kind);
    return new;
end
$$;

create or replace trigger inbox_origin before insert on inbox
for each row when (new.origin is null) execute function name_origin();
"""

REQUIRED = (
    "alter table inbox drop constraint if exists inbox_origin_is_there",
    "alter table inbox add constraint inbox_origin_is_there check (origin is not null) not valid",
    "alter table inbox validate constraint inbox_origin_is_there",
    "alter table inbox alter column origin set not null",
    "alter table inbox drop constraint inbox_origin_is_there",
    "alter table inbox drop constraint if exists inbox_origin_is_known",
    "alter table inbox add constraint inbox_origin_is_known"
    " check (origin in ('customer', 'timer', 'agent', 'system')) not valid",
    "alter table inbox validate constraint inbox_origin_is_known",
)

INBOX = """
create {replace} view report.inbox as
select i.id, ch.desk_id as desk, ch.kind as channel_kind, i.external_id, i.kind, i.conversation_id,
    case when i.state = 'waiting' and s.leased_until > now() and s.lease_token is not null
        and not exists (
            select 1 from inbox e
            where e.conversation_id = i.conversation_id and e.state = 'waiting' and e.id < i.id
        )
        then 'claimed' else i.state end as state,
    case when i.state = 'waiting' then greatest(i.attempts, 0) else i.attempts end as attempts,
    i.retries, i.last_retry_at, i.received_at, i.finished_at, i.error, i.sent_at, ch.address, i.text,
    i.state = 'waiting' as is_waiting, i.state = 'buried' and i.discarded_at is null as is_buried, i.discarded_at{more}
from inbox i
join channels ch on ch.id = i.channel_id
left join sessions s on s.conversation_id = i.conversation_id
where report.sees(ch.desk_id)
"""

TRANSCRIPT = """
select i.conversation_id, i.received_at as at, case when {by_staff} then 'agent' else 'customer' end as author, i.kind,
    case when i.text <> '' then i.text else '[' || i.kind || ']' end as text, null::text as delivery, i.id as event_id,
    null::bigint as outbound_id, ch.desk_id as desk
from inbox i
join channels ch on ch.id = i.channel_id
where i.conversation_id is not null and {is_said}
    and report.sees(ch.desk_id)
union all
select o.conversation_id, o.created_at, coalesce(o.content ->> 'author', 'bot'), o.kind, o.text, o.state, o.event_id,
    o.id, ch.desk_id
from outbox o
join channels ch on ch.id = o.channel_id
where report.sees(ch.desk_id)
"""

CONSOLE = """
create or replace view console.transcript with (security_barrier) as
select conversation_id, at, author, kind, console.masked(text) as text, delivery, event_id, outbound_id, desk
from ({found}) as seen where console.sees(desk)
"""

NOW = {"by_staff": "i.origin = 'agent'", "is_said": "(i.origin = 'customer' or i.kind = 'echo')"}
THEN = {
    "by_staff": "i.kind = 'echo'",
    "is_said": "i.kind not in ('timer', 'agent', 'media_result', 'system', 'notice', 'ticket')",
}


def upgrade() -> None:
    op.execute("alter table inbox add column if not exists origin text")
    op.execute(ORIGIN_OF)
    op.execute(TRIGGER)
    with op.get_context().autocommit_block():
        _fill()
        for statement in REQUIRED:
            op.execute(statement)
    op.execute(INBOX.format(replace="or replace", more=", i.origin"))
    _transcript(NOW)


def downgrade() -> None:
    _transcript(THEN)
    op.execute("drop view report.inbox")
    op.execute(INBOX.format(replace="", more=""))
    op.execute("drop trigger inbox_origin on inbox")
    op.execute("drop function name_origin()")
    op.drop_column("inbox", "origin")
    op.execute("drop function origin_of(text)")


def _fill() -> None:
    """Each batch is a commit of its own: no row waits for longer than one of them takes."""
    connection = op.get_bind()
    first, last = connection.execute(
        sa.text("select coalesce(min(id), 0), coalesce(max(id), -1) from inbox where origin is null")
    ).one()
    for begin in range(first, last + 1, BATCH):
        connection.execute(
            sa.text("update inbox set origin = origin_of(kind) where id >= :begin and id < :end and origin is null"),
            {"begin": begin, "end": begin + BATCH},
        )


def _transcript(whose: dict[str, str]) -> None:
    found = TRANSCRIPT.format(**whose)
    op.execute(f"create or replace view report.transcript as{found}")
    op.execute(CONSOLE.format(found=found))

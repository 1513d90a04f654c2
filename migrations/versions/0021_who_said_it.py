"""In the transcript, what staff do with a ticket is nobody's words, and what they write on the business's own phone theirs."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BEFORE = """
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

TRANSCRIPT = """
select i.conversation_id, i.received_at as at,
    case when i.kind = 'echo' then 'agent' else 'customer' end as author, i.kind,
    case when i.text <> '' then i.text else '[' || i.kind || ']' end as text, null::text as delivery, i.id as event_id,
    null::bigint as outbound_id, ch.desk_id as desk
from inbox i
join channels ch on ch.id = i.channel_id
where i.conversation_id is not null and i.kind not in ('timer', 'agent', 'media_result', 'system', 'notice', 'ticket')
    and report.sees(ch.desk_id)
union all
select o.conversation_id, o.created_at, coalesce(o.content ->> 'author', 'bot'), o.kind, o.text, o.state, o.event_id,
    o.id, ch.desk_id
from outbox o
join channels ch on ch.id = o.channel_id
where report.sees(ch.desk_id)
"""

COLUMNS = "conversation_id, at, author, kind, console.masked(text) as text, delivery, event_id, outbound_id, desk"


def upgrade() -> None:
    _replace(TRANSCRIPT)


def downgrade() -> None:
    _replace(BEFORE)


def _replace(found: str) -> None:
    op.execute(f"create or replace view report.transcript as {found}")
    op.execute(
        "create or replace view console.transcript with (security_barrier) as"
        f" select {COLUMNS} from ({found}) as seen where console.sees(desk)"
    )

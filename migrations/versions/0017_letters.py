"""Dead letters that staff put aside, with who and why; they no longer count as dead letters in the report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

THEN = """
create or replace view report.inbox as
select i.id, ch.desk_id as desk, ch.kind as channel_kind, i.external_id, i.kind, i.conversation_id,
    case when i.state = 'waiting' and s.leased_until > now() and s.lease_token is not null
        and not exists (
            select 1 from inbox e
            where e.conversation_id = i.conversation_id and e.state = 'waiting' and e.id < i.id
        )
        then 'claimed' else i.state end as state,
    case when i.state = 'waiting' then greatest(i.attempts, 0) else i.attempts end as attempts,
    i.retries, i.last_retry_at, i.received_at, i.finished_at, i.error, i.sent_at, ch.address, i.text,
    i.state = 'waiting' as is_waiting, i.state = 'buried' as is_buried
from inbox i
join channels ch on ch.id = i.channel_id
left join sessions s on s.conversation_id = i.conversation_id
where report.sees(ch.desk_id)"""

NOW = """
create or replace view report.inbox as
select i.id, ch.desk_id as desk, ch.kind as channel_kind, i.external_id, i.kind, i.conversation_id,
    case when i.state = 'waiting' and s.leased_until > now() and s.lease_token is not null
        and not exists (
            select 1 from inbox e
            where e.conversation_id = i.conversation_id and e.state = 'waiting' and e.id < i.id
        )
        then 'claimed' else i.state end as state,
    case when i.state = 'waiting' then greatest(i.attempts, 0) else i.attempts end as attempts,
    i.retries, i.last_retry_at, i.received_at, i.finished_at, i.error, i.sent_at, ch.address, i.text,
    i.state = 'waiting' as is_waiting, i.state = 'buried' and i.discarded_at is null as is_buried, i.discarded_at
from inbox i
join channels ch on ch.id = i.channel_id
left join sessions s on s.conversation_id = i.conversation_id
where report.sees(ch.desk_id)"""


def upgrade() -> None:
    op.add_column("inbox", sa.Column("discarded_at", TIMESTAMP(timezone=True), nullable=True))
    op.add_column("inbox", sa.Column("discarded_by", sa.Text(), nullable=True))
    op.add_column("inbox", sa.Column("discarded_why", sa.Text(), nullable=True))
    op.execute(NOW)


def downgrade() -> None:
    op.execute("drop view report.inbox")
    op.execute(THEN)
    op.drop_column("inbox", "discarded_why")
    op.drop_column("inbox", "discarded_by")
    op.drop_column("inbox", "discarded_at")

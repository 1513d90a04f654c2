"""Errands in the report: slow work that a turn wants and that comes back as an event; today photos and voice notes.

A view over `media_jobs`: the table stays as it is, so the version before goes on working while this one is deployed.
"""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

VIEW = """
create view report.errands as
select j.id, ch.desk_id as desk, case j.kind when 'image' then 'photo' else 'voice' end as service, j.purpose as what,
    'media:' || j.id as key,
    case when j.state = 'waiting' and j.lease_token is not null and j.leased_until > now() then 'claimed'
        else j.state end as state,
    j.attempts, j.error, j.created_at, j.finished_at as done_at, j.conversation_id, j.event_id
from media_jobs j
join conversations conv on conv.id = j.conversation_id
join channels ch on ch.id = conv.channel_id
where report.sees(ch.desk_id)
"""


def upgrade() -> None:
    op.execute(VIEW)


def downgrade() -> None:
    op.execute("drop view report.errands")

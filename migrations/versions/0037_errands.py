"""Errands: slow work that turns want, of which photos and voice notes are two services.

`media_jobs` becomes a view of those two, through which the version before goes on wanting, leasing and finishing them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

MOVE = """
lock table media_jobs in access exclusive mode;
insert into errands (
    id, conversation_id, event_id, service, what, key, content, state, attempts, error, created_at, wanted_at,
    leased_until, lease_token, finished_at
)
overriding system value
select id, conversation_id, event_id, case kind when 'image' then 'photo' else 'voice' end, purpose, 'media:' || id,
    jsonb_build_object('media_id', media_id), state, attempts, error, created_at, created_at, leased_until, lease_token,
    finished_at
from media_jobs;
select setval(pg_get_serial_sequence('errands', 'id'), coalesce(max(id), 1), max(id) is not null) from errands;
"""

MEDIA_JOBS = """
create view media_jobs as
select id, conversation_id, event_id, case service when 'photo' then 'image' else 'audio' end as kind,
    content ->> 'media_id' as media_id, what as purpose, state, attempts, error, created_at, leased_until, lease_token,
    finished_at
from errands where service in ('photo', 'voice')
"""

INSERT = """
create function want_media_job() returns trigger language plpgsql as $$
begin
    insert into errands (conversation_id, event_id, service, what, key, content)
    values (new.conversation_id, new.event_id, case new.kind when 'image' then 'photo' else 'voice' end, new.purpose,
        'event:' || new.event_id, jsonb_build_object('media_id', new.media_id))
    on conflict do nothing;
    return new;
end $$
"""

TRIGGER = """
create trigger media_job_is_an_errand instead of insert on media_jobs
for each row execute function want_media_job()
"""

REPORT = """
create or replace view report.errands as
select e.id, ch.desk_id as desk, e.service, e.what, e.key,
    case when e.state = 'waiting' and e.lease_token is not null and e.leased_until > now() then 'claimed'
        else e.state end as state,
    e.attempts, e.error, e.created_at, e.finished_at as done_at, e.conversation_id, e.event_id
from errands e
join conversations conv on conv.id = e.conversation_id
join channels ch on ch.id = conv.channel_id
where report.sees(ch.desk_id)
"""

REPORT_BEFORE = """
create or replace view report.errands as
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

BACK = """
insert into media_jobs (
    id, conversation_id, event_id, kind, media_id, purpose, state, attempts, error, created_at, leased_until,
    lease_token, finished_at
)
overriding system value
select id, conversation_id, event_id, case service when 'photo' then 'image' else 'audio' end, content ->> 'media_id',
    what, case state when 'unknown' then 'failed' else state end, attempts, error, created_at, leased_until,
    lease_token, finished_at
from errands where service in ('photo', 'voice');
select setval(pg_get_serial_sequence('media_jobs', 'id'), coalesce(max(id), 1), max(id) is not null) from errands;
"""


def upgrade() -> None:
    op.create_table(
        "errands",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("within_s", sa.Float(), server_default=sa.text("50"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("wanted", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("result", JSONB(), nullable=True),
        sa.Column("created_at", TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("wanted_at", TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("begun_at", TIMESTAMP(timezone=True), nullable=True),
        sa.Column("leased_until", TIMESTAMP(timezone=True), server_default=sa.text("'-infinity'"), nullable=False),
        sa.Column("lease_token", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'done', 'failed', 'unknown')", name=op.f("errands_state_is_known")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("errands_conversation_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("errands_pkey")),
        sa.UniqueConstraint("conversation_id", "service", "key", name=op.f("errands_key_is_done_once")),
    )
    op.create_index("errands_waiting", "errands", ["service", "id"], postgresql_where=sa.text("state = 'waiting'"))
    op.execute(MOVE)
    op.execute(REPORT)
    op.drop_table("media_jobs")
    op.execute(MEDIA_JOBS)
    op.execute(INSERT)
    op.execute(TRIGGER)


def downgrade() -> None:
    op.execute("drop view media_jobs")
    op.execute("drop function want_media_job()")
    op.create_table(
        "media_jobs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("leased_until", TIMESTAMP(timezone=True), server_default=sa.text("'-infinity'"), nullable=False),
        sa.Column("lease_token", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('image', 'audio')", name=op.f("media_jobs_kind_is_known")),
        sa.CheckConstraint("state in ('waiting', 'done', 'failed')", name=op.f("media_jobs_state_is_known")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("media_jobs_conversation_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("media_jobs_pkey")),
    )
    op.create_index("media_jobs_waiting", "media_jobs", ["id"], postgresql_where=sa.text("state = 'waiting'"))
    op.execute("lock table errands in access exclusive mode")
    op.execute(BACK)
    op.execute(REPORT_BEFORE)
    op.drop_table("errands")

"""Switches that staff move while everything runs; and who waits for a person, in report.conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BEFORE = """
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
where report.sees(ch.desk_id)"""

# A session is read as it is: only what looks like a time is taken for one.
CONVERSATIONS = """
create or replace view report.conversations as
select conv.id, ch.desk_id as desk, ch.kind as channel_kind,
    report.mask(coalesce(
        (select a.value from aliases a where a.contact_id = conv.contact_id and a.kind <> 'parent_bsuid'
         order by a.kind = 'wa_id' desc, a.learned_at desc limit 1), '')) as contact,
    s.flow, s.state, s.version, s.updated_at as last_activity_at, s.agent, s.flow_version, s.language, s.heard_at,
    conv.created_at,
    case when s.memory #>> '{notes,person_wanted_at}' ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d'
        then (s.memory #>> '{notes,person_wanted_at}')::timestamptz end as person_wanted_at
from conversations conv
join channels ch on ch.id = conv.channel_id
join sessions s on s.conversation_id = conv.id
where report.sees(ch.desk_id)"""

SWITCHES = """
create view report.switches as
select s.kind, s.subject, s.off and coalesce(s.until > now(), true) as off, s.reason, s.by, s.at, s.until
from switches s
where s.kind <> 'sending'
    or exists (select 1 from channels ch where ch.address = s.subject and report.sees(ch.desk_id))
"""


def upgrade() -> None:
    op.create_table(
        "switches",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("until", TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('ai', 'flow', 'sending')", name=op.f("switches_kind_is_known")),
        sa.CheckConstraint("(kind = 'ai') = (subject = '')", name=op.f("switches_subject_fits_kind")),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("switches_pkey")),
    )
    op.execute(SWITCHES)
    op.execute(CONVERSATIONS)


def downgrade() -> None:
    op.execute("drop view report.switches")
    op.execute("drop view report.conversations")
    op.execute(BEFORE)
    op.drop_table("switches")

"""Customers who wait for a person, as a column of sessions with an index: counted on every page that staff open.

The column is generated from the session's notes, so it is never another than they are, whichever version writes them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# A session is read as it is: only what looks like a time is taken for one.
VIEW = r"""
create or replace view report.conversations as
select conv.id, ch.desk_id as desk, ch.kind as channel_kind,
    report.mask(coalesce(
        (select a.value from aliases a where a.contact_id = conv.contact_id and a.kind <> 'parent_bsuid'
         order by a.kind = 'wa_id' desc, a.learned_at desc limit 1), '')) as contact,
    s.flow, s.state, s.version, s.updated_at as last_activity_at, s.agent, s.flow_version, s.language, s.heard_at,
    conv.created_at,
    case when {wanted} ~ '^\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d' then ({wanted})::timestamptz end as person_wanted_at{more}
from conversations conv
join channels ch on ch.id = conv.channel_id
join sessions s on s.conversation_id = conv.id
where report.sees(ch.desk_id)
"""
BEFORE = "s.memory #>> '{notes,person_wanted_at}'"
NOW = VIEW.format(wanted="s.person_wanted", more=",\n    s.person_wanted is not null as waits_for_person")


def upgrade() -> None:
    wanted = sa.Computed("memory #>> '{notes,person_wanted_at}'", persisted=True)
    op.add_column("sessions", sa.Column("person_wanted", sa.Text(), wanted))
    op.create_index(
        "sessions_person_wanted",
        "sessions",
        ["person_wanted", "conversation_id"],
        postgresql_where=sa.text("person_wanted is not null"),
    )
    op.execute(NOW)


def downgrade() -> None:
    op.execute("drop view report.conversations")
    op.execute(VIEW.replace("create or replace", "create").format(wanted=BEFORE, more=""))
    op.drop_index("sessions_person_wanted", "sessions")
    op.drop_column("sessions", "person_wanted")

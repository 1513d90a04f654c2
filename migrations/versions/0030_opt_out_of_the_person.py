"""Opt-outs move from the sessions of single conversations to the person.

A worker of the version before that saves such a session meanwhile writes its note again: the next turn of the
conversation makes it the person's.
"""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

MOVE = """
with noted as (
    select conv.contact_id, s.conversation_id, s.updated_at
    from sessions s join conversations conv on conv.id = s.conversation_id
    where s.memory #> '{notes,opted_out}' = 'true'
),
told as (
    update contacts c set opted_out_at = coalesce(c.opted_out_at, n.since)
    from (select contact_id, min(updated_at) as since from noted group by contact_id) n where c.id = n.contact_id
)
update sessions s set memory = s.memory #- '{notes,opted_out}'
from noted n where s.conversation_id = n.conversation_id
"""
MOVE_BACK = """
update sessions s set memory = jsonb_set(s.memory, '{notes,opted_out}', 'true')
from conversations conv join contacts c on c.id = conv.contact_id
where conv.id = s.conversation_id and c.opted_out_at is not null and jsonb_typeof(s.memory -> 'notes') = 'object'
"""


def upgrade() -> None:
    op.execute(MOVE)


def downgrade() -> None:
    op.execute(MOVE_BACK)

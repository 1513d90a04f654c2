"""Photos that were kept, and the report each belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PHOTOS = """
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
"""


def upgrade() -> None:
    op.create_table(
        "photos",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("received_at", TIMESTAMP(timezone=True), nullable=False),
        sa.Column("stored_at", TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("photos_sha256_is_one")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("photos_conversation_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("photos_pkey")),
        sa.UniqueConstraint("event_id", name=op.f("photos_event_id_key")),
    )
    op.create_index("photos_conversation_id", "photos", ["conversation_id", "received_at"])
    op.create_index("photos_stored_at", "photos", ["stored_at"])
    op.create_index("photos_sha256", "photos", ["sha256"])
    op.execute(PHOTOS)


def downgrade() -> None:
    op.execute("drop view report.photos")
    op.drop_table("photos")

"""Proofs: receipts and the like, each good for one thing of a desk."""

from __future__ import annotations

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TABLE = """
create table proofs (
    desk_id text not null,
    kind text not null,
    digest text not null,
    conversation_id bigint not null,
    subject text not null,
    used_at timestamptz default now() not null,
    constraint proofs_pkey primary key (desk_id, kind, digest),
    constraint proofs_desk_id_fkey foreign key (desk_id) references desks (id),
    constraint proofs_conversation_id_fkey foreign key (conversation_id) references conversations (id) on delete cascade
)
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("create index proofs_conversation_id on proofs (conversation_id)")
    op.execute("create index proofs_used_at on proofs (used_at)")


def downgrade() -> None:
    op.drop_table("proofs")

"""Own files: pictures that replies show, and the ids under which platforms keep them."""

from __future__ import annotations

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

OWN_FILES = """
create table own_files (
    conversation_id bigint not null,
    name text not null,
    mime_type text not null,
    content bytea not null,
    said_at timestamptz default now() not null,
    constraint own_files_pkey primary key (conversation_id, name),
    constraint own_files_conversation_id_fkey foreign key (conversation_id) references conversations (id) on delete cascade,
    constraint own_files_name_is_a_sha256 check (name ~ '^[0-9a-f]{64}$')
)
"""
UPLOADS = """
create table uploads (
    channel_id bigint not null,
    name text not null,
    media_id text not null,
    uploaded_at timestamptz default now() not null,
    constraint uploads_pkey primary key (channel_id, name),
    constraint uploads_channel_id_fkey foreign key (channel_id) references channels (id) on delete cascade
)
"""


def upgrade() -> None:
    op.execute(OWN_FILES)
    op.execute("create index own_files_said_at on own_files (said_at)")
    op.execute(UPLOADS)
    op.execute("create index uploads_uploaded_at on uploads (uploaded_at)")


def downgrade() -> None:
    op.drop_table("uploads")
    op.drop_table("own_files")

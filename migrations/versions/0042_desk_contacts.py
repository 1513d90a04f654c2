"""Contacts that staff map to one of several desks of an owner."""

from __future__ import annotations

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLE = """
create table desk_contacts (
    kind text not null,
    value text not null,
    desk_id text not null references desks (id),
    mapped_at timestamptz default now() not null,
    mapped_by text not null,
    constraint desk_contacts_pkey primary key (kind, value)
)
"""
INDEX = "create index desk_contacts_desk_id on desk_contacts (desk_id)"


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(INDEX)


def downgrade() -> None:
    op.drop_table("desk_contacts")

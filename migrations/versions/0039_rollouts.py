"""Rollouts: which conversations a new version takes while both are at work, so that no conversation meets two."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLE = """
create table rollouts (
    one boolean default true not null,
    version text not null,
    share double precision not null,
    conversations bigint[] default '{}' not null,
    rest_s double precision not null,
    withdrawn boolean default false not null,
    began_at timestamptz default now() not null,
    stage_at timestamptz default now() not null,
    constraint rollouts_pkey primary key (one),
    constraint rollouts_there_is_one check (one),
    constraint rollouts_share_is_percent check (share between 0 and 100)
)
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.add_column("sessions", sa.Column("release", sa.Text(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    op.drop_column("sessions", "release")
    op.drop_table("rollouts")

"""Alarms that Alertmanager tells, so that the window shows them."""

from __future__ import annotations

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TABLE = """
create table alarms (
    fingerprint text not null,
    name text not null,
    severity text not null,
    summary text not null,
    runbook text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    told_at timestamptz default now() not null,
    constraint alarms_pkey primary key (fingerprint)
)
"""
VIEW = """
create view report.alarms as
select name, severity, summary, runbook, started_at, ended_at, told_at from alarms
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(VIEW)


def downgrade() -> None:
    op.execute("drop view report.alarms")
    op.drop_table("alarms")

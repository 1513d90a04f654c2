"""Each process writes down which version of the program it is: a rolling deploy can be watched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

PROCESSES = """
select process, kind, host, pid, jobs, started_at, at as heard_at, at > now() - interval '20 seconds' as alive
from heartbeats
"""
COLUMNS = "process, kind, host, pid, jobs, started_at, heard_at, alive"


def upgrade() -> None:
    op.add_column("heartbeats", sa.Column("version", sa.Text(), server_default=sa.text("''"), nullable=False))
    _views(
        PROCESSES.replace("as alive", "as alive, version"),
        f"{COLUMNS}, version",
        "the processes, their version, and when they last were heard",
    )


def downgrade() -> None:
    _views(PROCESSES, COLUMNS, "the processes and when they last were heard")
    op.drop_column("heartbeats", "version")


def _views(found: str, columns: str, told: str) -> None:
    op.execute("drop view console.processes")
    op.execute("drop view report.processes")
    op.execute(f"create view report.processes as {found}")
    op.execute(f"create view console.processes with (security_barrier) as select {columns} from ({found}) as seen")
    op.execute(f"comment on view console.processes is '{told}'")
    op.execute("grant select on console.processes to turno_console")

"""The breaker of a number is seen by those whose desk answers there, in the panels and in the console."""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BREAKERS = """
select b.key as breaker, b.value as state, h.kind as process_kind, h.host, h.pid, h.at as heard_at
from heartbeats h, jsonb_each_text(h.breakers) b
where h.at > now() - interval '20 seconds'
"""

CHANGES = """
select at, name as breaker, detail ->> 'from' as from_state, detail ->> 'to' as to_state, detail ->> 'why' as why
from happenings where kind = 'breaker'
"""

SEEN = """
breaker !~ '^whatsapp:' or {schema}.sees(
    (select ch.desk_id from channels ch where ch.kind = 'whatsapp' and 'whatsapp:' || ch.address = breaker)
)
"""
"""Who may see every desk sees the breaker of a number that nobody answers any more, too."""

VIEWS = {
    "breakers": (BREAKERS, "breaker, state, process_kind, host, pid, heard_at"),
    "breaker_changes": (CHANGES, "at, breaker, from_state, to_state, why"),
}


def upgrade() -> None:
    for name, (found, columns) in VIEWS.items():
        for schema, options in (("report", ""), ("console", "with (security_barrier)")):
            op.execute(
                f"create or replace view {schema}.{name} {options} as"
                f" select {columns} from ({found}) as seen where {SEEN.format(schema=schema)}"
            )


def downgrade() -> None:
    for name, (found, columns) in VIEWS.items():
        op.execute(f"create or replace view report.{name} as {found}")
        op.execute(
            f"create or replace view console.{name} with (security_barrier) as select {columns} from ({found}) as seen"
        )

"""Breakers of a desk's services and mailboxes are seen like those of its numbers, and shared numbers by all who share them."""

from __future__ import annotations

from alembic import op

revision = "0047"
down_revision = "0046"
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

BEFORE = """
breaker !~ '^whatsapp:' or {schema}.sees(
    (select ch.desk_id from channels ch where ch.kind = 'whatsapp' and 'whatsapp:' || ch.address = breaker)
)
"""

SEEN = """
case when breaker ~ '^service:[^:]+:' then {schema}.sees(split_part(breaker, ':', 2))
when breaker ~ '^(whatsapp|email):' then {schema}.sees(null) or exists (
    select from channels ch
    where starts_with(ch.kind || ':' || ch.address || '/', breaker || '/') and {schema}.sees(ch.desk_id)
)
else true end
"""
"""Who may see every desk sees the breaker of a number that nobody answers any more, too."""

VIEWS = {
    "breakers": (BREAKERS, "breaker, state, process_kind, host, pid, heard_at"),
    "breaker_changes": (CHANGES, "at, breaker, from_state, to_state, why"),
}


def show(seen: str) -> None:
    for name, (found, columns) in VIEWS.items():
        for schema, options in (("report", ""), ("console", "with (security_barrier)")):
            op.execute(
                f"create or replace view {schema}.{name} {options} as"
                f" select {columns} from ({found}) as seen where {seen.format(schema=schema)}"
            )


def upgrade() -> None:
    show(SEEN)


def downgrade() -> None:
    show(BEFORE)

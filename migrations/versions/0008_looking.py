"""Search keys for staff: activity, names, last digits, ticket numbers; and what they did with tickets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ACCENTED, PLAIN = (
    "áàâäãåéèêëíìîïóòôöõúùûüñçÁÀÂÄÃÅÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇ",
    "aaaaaaeeeeiiiiooooouuuuncaaaaaaeeeeiiiiooooouuuunc",
)
FOLDED = f"""
create function folded(value text) returns text language sql immutable strict parallel safe
return translate(lower(value), '{ACCENTED}', '{PLAIN}')
"""

STEP = "date_bin('10 minutes', {}, '1970-01-01 00:00:00+00')"

TICKETS = """
create or replace view report.tickets as
select number, desk_id as desk, kind, status, conversation_id, created_at, resolved_at, summary, content{}
from tickets where report.sees(desk_id)
"""


def upgrade() -> None:
    op.execute(FOLDED)
    _sessions()
    op.create_index(
        "contacts_words", "contacts", [sa.text("to_tsvector('simple', folded(name))")], postgresql_using="gin"
    )
    op.create_index(
        "aliases_phone_end", "aliases", [sa.text("reverse(value) text_pattern_ops")],
        postgresql_where=sa.text("kind = 'wa_id'"),
    )  # fmt: skip
    _tickets()


def _sessions() -> None:
    """The time is filled in before the index is made; who is taking turns meanwhile waits for a moment."""
    default = sa.text(STEP.format("now()"))
    op.add_column("sessions", sa.Column("active_at", TIMESTAMP(timezone=True), server_default=default, nullable=False))
    op.execute(f"update sessions set active_at = {STEP.format('updated_at')}")
    op.create_index("sessions_active_at", "sessions", ["active_at"])


def _tickets() -> None:
    op.add_column("tickets", sa.Column("assignee", sa.Text()))
    op.create_index("tickets_created_at", "tickets", ["created_at", "number"])
    op.create_index("tickets_beginning", "tickets", [sa.text("number text_pattern_ops")])
    op.create_table(
        "ticket_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("at", TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("after", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("event_id", sa.BigInteger()),
        sa.CheckConstraint("what in ('status', 'assignee')", name=op.f("ticket_changes_what_is_known")),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.number"], name=op.f("ticket_changes_ticket_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("ticket_changes_pkey")),
    )
    op.create_index("ticket_changes_ticket", "ticket_changes", ["ticket", "id"])
    op.execute(TICKETS.format(", assignee"))


def downgrade() -> None:
    op.execute("drop view report.tickets")
    op.execute(TICKETS.format(""))
    op.drop_table("ticket_changes")
    op.drop_index("tickets_beginning", "tickets")
    op.drop_index("tickets_created_at", "tickets")
    op.drop_column("tickets", "assignee")
    op.drop_index("sessions_active_at", "sessions")
    op.drop_column("sessions", "active_at")
    op.drop_index("aliases_phone_end", "aliases")
    op.drop_index("contacts_words", "contacts")
    op.execute("drop function folded(text)")

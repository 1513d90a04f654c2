"""In the transcript, what staff do with a ticket is nobody's words, and what they write on the business's own phone theirs."""

from __future__ import annotations

from importlib import import_module

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

before = import_module("migrations.versions.0005_what_is_noticed")
console = import_module("migrations.versions.0011_console")

TRANSCRIPT = before.TRANSCRIPT.replace("'system', 'notice')", "'system', 'notice', 'ticket')").replace(
    "'customer' as author", "case when i.kind = 'echo' then 'agent' else 'customer' end as author"
)


def upgrade() -> None:
    _replace(TRANSCRIPT)


def downgrade() -> None:
    _replace(before.TRANSCRIPT)


def _replace(transcript: str) -> None:
    op.execute(transcript.replace("create view", "create or replace view"))
    columns = console.VIEWS["transcript"][1]
    found = transcript.split(" as\n", 1)[1]
    op.execute(
        "create or replace view console.transcript with (security_barrier) as"
        f" select {columns} from ({found}) as seen where console.sees(desk)"
    )

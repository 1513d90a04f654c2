"""One table for the lines of every catalogue: a desk declares its kinds and columns, and no table is made for them.

Until the next version, the table of each kind is kept the same as the catalogue by triggers, both ways: a process of
the version before goes on reading and importing lines while this one is deployed, and the way back loses nothing of
the kinds that the version before knows.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

KEYS = {
    "customers": "code text",
    "equipment": "code text",
    "vehicles": "code text",
    "centres": "code text",
    "survey_questions": "number smallint",
}
COLUMNS = {
    "customers": "name text, contact text, city text",
    "equipment": "model text, brand text, serial text, client text, place text",
    "vehicles": "model text, plate text",
    "centres": "name text, address text, city text, latitude float, longitude float, phone text, opens text,"
    " closes text, days smallint[], active boolean",
    "survey_questions": "text text, short text",
}
PERSONAL = {"customers": "{contact}"}
EVENTS = {
    "insert": "new table as rows",
    "update": "new table as rows",
    "delete": "old table as rows",
}

FOLLOW = """
create function catalogue_follow() returns trigger language plpgsql as $$
begin
    if pg_trigger_depth() > 1 then  -- it comes from the catalogue
        return null;
    elsif tg_op = 'DELETE' then
        delete from catalogue c using (select to_jsonb(r) as line from rows r) gone
        where c.desk_id = line ->> 'desk_id' and c.kind = tg_table_name and c.key = line ->> tg_argv[0];
    else
        insert into catalogue as c (desk_id, kind, key, content, personal)
        select line ->> 'desk_id', tg_table_name, line ->> tg_argv[0],
            (line - 'desk_id') || jsonb_build_object(tg_argv[0], line ->> tg_argv[0]), tg_argv[1]::text[]
        from (select to_jsonb(r) as line from rows r) written
        on conflict (desk_id, kind, key) do update set content = excluded.content, personal = excluded.personal
            where c.content is distinct from excluded.content;
    end if;
    return null;
end $$
"""
"""A line that the version before wrote, in the catalogue."""


def _names(columns: str) -> list[str]:
    return [column.split()[0] for column in columns.split(",")]


def _mirrored(table: str) -> str:
    """The lines of one kind, in the table that the version before reads. It had a column for each of theirs."""
    key, kind_of_key = KEYS[table].split()
    names = _names(COLUMNS[table])
    listed = ", ".join(names)
    return f"""
        insert into {table} (desk_id, {key}, {listed})
        select r.desk_id, r.key::{kind_of_key}, {", ".join(f"line.{name}" for name in names)}
        from rows r cross join lateral jsonb_to_record(r.content) as line ({COLUMNS[table]})
        where r.kind = '{table}' and r.content ?& '{{{listed}}}'
        on conflict (desk_id, {key}) do update set {", ".join(f"{name} = excluded.{name}" for name in names)};"""


def _unmirrored(table: str) -> str:
    key = KEYS[table].split()[0]
    return f"""
        delete from {table} t using rows r
        where r.kind = '{table}' and t.desk_id = r.desk_id and t.{key}::text = r.key;"""


MIRROR = f"""
create function catalogue_mirror() returns trigger language plpgsql as $$
begin
    if pg_trigger_depth() > 1 then  -- it comes from one of the tables
        return null;
    elsif tg_op = 'DELETE' then{"".join(map(_unmirrored, KEYS))}
    else{"".join(map(_mirrored, KEYS))}
    end if;
    return null;
end $$
"""
"""A line of the catalogue, where the version before looks for it."""

RATINGS = """
select a.ticket, t.desk_id as desk, a.question, coalesce({short}, 'Question ' || a.question) as short, a.rating, a.at
from survey_answers a
join tickets t on t.number = a.ticket
left join {questions}
where report.sees(t.desk_id)
"""
QUESTIONS = {
    "short": "q.content ->> 'short'",
    "questions": "catalogue q on q.desk_id = t.desk_id and q.kind = 'survey_questions' and q.key = a.question::text",
}
QUESTIONS_BEFORE = {
    "short": "q.short",
    "questions": "survey_questions q on q.desk_id = t.desk_id and q.number = a.question",
}
IN_CONSOLE = "ticket, desk, question, short, rating, at"

VIEW = """
create view report.catalogue as
select desk_id as desk, kind, key, content - personal as content from catalogue where report.sees(desk_id)
"""


def upgrade() -> None:
    op.create_table(
        "catalogue",
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("personal", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("catalogue_desk_id_fkey")),
        sa.PrimaryKeyConstraint("desk_id", "kind", "key", name=op.f("catalogue_pkey")),
    )
    op.execute(FOLLOW)
    op.execute(MIRROR)
    for table, key in KEYS.items():
        _watch(table, f"catalogue_follow('{key.split()[0]}', '{PERSONAL.get(table, '{}')}')")
        op.execute(f"update {table} set desk_id = desk_id")  # the trigger copies every line
    _watch("catalogue", "catalogue_mirror()")
    op.execute(VIEW)
    _ratings(QUESTIONS)


def _watch(table: str, call: str) -> None:
    for event, rows in EVENTS.items():
        op.execute(
            f"create trigger catalogue_{event} after {event} on {table} referencing {rows}"
            f" for each statement execute function {call}"
        )


def _ratings(questions: dict[str, str]) -> None:
    seen = RATINGS.format(**questions)
    op.execute(f"create or replace view report.ratings as {seen}")
    op.execute(
        f"create or replace view console.ratings with (security_barrier) as select {IN_CONSOLE} from ({seen}) as seen"
        " where console.sees(desk)"
    )


def downgrade() -> None:
    _ratings(QUESTIONS_BEFORE)
    op.execute("drop view report.catalogue")
    op.drop_table("catalogue")
    for table in KEYS:
        for event in EVENTS:
            op.execute(f"drop trigger catalogue_{event} on {table}")
    op.execute("drop function catalogue_follow()")
    op.execute("drop function catalogue_mirror()")

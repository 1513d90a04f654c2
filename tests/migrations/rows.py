"""Rows for every table of a schema that nobody described: values by type, by what may stand there, by what they refer to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier, Placeholder

Connection = psycopg.Connection[dict[str, Any]]
Columns = Mapping[str, frozenset[str]]

COLUMNS = """
select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type,
    (select min(pg_get_constraintdef(k.oid)) from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum] and pg_get_constraintdef(k.oid) ~ 'ARRAY')
        as listed,
    (select min(k.confrelid::regclass::text) from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum]) as refers,
    (select min(there.attname) from pg_constraint k
        join pg_attribute there on there.attrelid = k.confrelid and array[there.attnum] = k.confkey
        where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum]) as refers_to
from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'alembic_version'
    and a.attnum > 0 and not a.attisdropped and a.attidentity = '' and a.attgenerated = ''
order by c.relname, a.attnum
"""

BY_TYPE = {
    "text": lambda n: f"text-{n}",
    "integer": lambda n: n,
    "bigint": lambda n: n,
    "smallint": lambda n: n,
    "double precision": lambda n: n % 90 + 0.5,  # such as a latitude
    "boolean": lambda n: bool(n % 2),
    "jsonb": lambda n: f'{{"n": {n}}}',
    "json": lambda n: f'{{"n": {n}}}',
    "bytea": lambda n: b"%d" % n,
    "timestamp with time zone": lambda n: "2026-01-01 12:00:00+00",
    "numeric": lambda n: n + 0.5,
    "tstzrange": lambda n: "[2026-01-01 12:00:00+00,2026-01-02 12:00:00+00)",
}

BY_NAME = {
    ("aliases", "kind"): lambda n: ("wa_id", "bsuid", "parent_bsuid", "web", "email")[n % 5],
    ("photos", "sha256"): lambda n: hashlib.sha256(b"%d" % n).hexdigest(),
    ("own_files", "name"): lambda n: hashlib.sha256(b"%d" % n).hexdigest(),
    ("files", "name"): lambda n: hashlib.sha256(b"%d" % n).hexdigest(),
    ("switches", "kind"): lambda n: "flow",
    ("survey_questions", "number"): lambda n: 1 + n % 6,
    ("survey_answers", "question"): lambda n: 1 + n % 6,
    ("survey_answers", "rating"): lambda n: 1 + n % 5,
    ("log_level", "one"): lambda n: True,
    ("holds", "kept"): lambda n: n % 3,
    ("rollouts", "one"): lambda n: True,
}
"""What a check asks for that is no list of words."""


class Column(NamedTuple):
    table: str
    name: str
    type: str
    listed: str | None
    refers: str | None
    refers_to: str | None


def columns(connection: Connection) -> Columns:
    """table → its columns, without those that the database fills in."""
    found: dict[str, set[str]] = {}
    for column in _asked(connection):
        found.setdefault(column.table, set()).add(column.name)
    return {table: frozenset(names) for table, names in found.items()}


def sow(connection: Connection, number: int, only: Columns | None = None) -> None:
    """A row in every table; with `only`, as a program writes it that knows no other tables and columns."""
    tables: dict[str, list[Column]] = {}
    for column in _asked(connection):
        if only is None or column.name in only.get(column.table, ()):
            tables.setdefault(column.table, []).append(column)
    rows: dict[str, dict[str, Any]] = {}
    while ready := [t for t, cs in tables.items() if t not in rows and all(_is_there(c, rows) for c in cs)]:
        for table in ready:
            rows[table] = _insert(connection, table, {c.name: _value(c, number, rows) for c in tables[table]})
    assert rows.keys() == tables.keys(), f"these refer to each other: {tables.keys() - rows.keys()}"


def contents(connection: Connection, only: Columns) -> dict[str, list[str]]:
    """table → its rows in these columns."""
    found = {}
    for table, names in only.items():
        listed = SQL(", ").join(Identifier(name) for name in sorted(names))
        asked = SQL("select row({})::text as row from {} order by 1").format(listed, Identifier(table))
        found[table] = [row["row"] for row in connection.execute(asked)]
    return found


def connect(url: str) -> Connection:
    return psycopg.connect(url, row_factory=dict_row, autocommit=True)


def _asked(connection: Connection) -> list[Column]:
    return [Column(**row) for row in connection.execute(COLUMNS)]


def _is_there(column: Column, rows: Mapping[str, Any]) -> bool:
    return column.refers in (None, column.table) or column.refers in rows


def _value(column: Column, number: int, rows: Mapping[str, Mapping[str, Any]]) -> Any:
    if column.refers and column.refers_to:
        return rows[column.refers][column.refers_to]
    if made := BY_NAME.get((column.table, column.name)):
        return made(number)
    if column.listed:
        words = re.findall(r"'([^']*)'::text", column.listed)
        return words[number % len(words)]
    made = BY_TYPE[column.type.removesuffix("[]").partition("(")[0]](number)
    return [made] if column.type.endswith("[]") else made


def _insert(connection: Connection, table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    asked = SQL("insert into {} ({}) values ({}) on conflict do nothing returning *").format(
        Identifier(table),
        SQL(", ").join(map(Identifier, values)),
        SQL(", ").join(Placeholder() for _ in values),
    )
    found = connection.execute(asked, list(values.values())).fetchone()
    return found or {}

"""Databases for tests, each as fresh as a new copy of the template.

A copy costs PostgreSQL hundreds of files. So a database in which a test has only written rows is emptied and lent again,
under another name: whoever still knows the old one stays outside, as if it had been dropped. A database that a test has
altered, or filled, is dropped.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import psycopg
from psycopg.sql import SQL, Identifier

TEMPLATE = "turno_template"
MOST_BYTES = 2 * 2**20
"""What rows that are gone may leave behind."""
LEAVING_MS = 5000

OWN = "oid >= 16384"
CATALOGS = {
    "pg_class": OWN, "pg_attribute": "attrelid >= 16384", "pg_attrdef": OWN, "pg_constraint": OWN,
    "pg_index": "indexrelid >= 16384", "pg_proc": "true", "pg_trigger": OWN, "pg_type": OWN, "pg_namespace": "true",
    "pg_policy": OWN, "pg_rewrite": "true", "pg_default_acl": OWN, "pg_extension": "true", "pg_inherits": "true",
    "pg_sequence": "true", "pg_statistic_ext": OWN, "pg_event_trigger": OWN, "pg_largeobject_metadata": "true",
    "pg_db_role_setting": "setdatabase = (select oid from pg_database where datname = current_database())",
}  # fmt: skip
"""Where the shape of a database stands, and which rows there are its own."""
SHAPE = " union all ".join(
    f"select '{catalog}', count(*), max(xmin::text::bigint) from {catalog} where {own}"
    for catalog, own in CATALOGS.items()
)
"""How many rows each catalog has, and which transaction wrote last to one. Statistics are written in place, and not seen."""
TRACES = """
    select coalesce(sum(pg_relation_size(oid)), 0), coalesce(bool_or(relkind = 'r' and reltuples >= 0), false)
    from pg_class where oid >= 16384 and relkind in ('r', 't')
"""
"""How large it is, and whether anybody looked at its rows to plan queries."""
WRITTEN = """
    select oid::regclass::text from pg_class where relkind = 'r' and relpersistence = 'p' and oid >= 16384
    and pg_relation_size(oid) > 0 and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'pg_toast') order by 1
"""
GUARDS = "select tgname from pg_trigger where tgenabled = 'A' and tgrelid = %s::regclass"
"""Triggers that hold for everybody."""
RESTART = """
    select setval(seqrelid, seqstart, false) from pg_sequence
    where pg_sequence_last_value(seqrelid) is not null
"""

Connection = psycopg.Connection[Any]


Shape = tuple[Any, ...]


class Template(NamedTuple):
    shape: Shape
    rows: dict[str, list[bytes]]
    """Of each table that has some."""


class Clean(NamedTuple):
    name: str
    shape: Shape


_SHELF: dict[str, list[Clean]] = defaultdict(list)
"""Clean databases by their server."""
_TEMPLATES: dict[str, Template] = {}
"""What the first copy looked like, by its server."""


def in_database(url: str, name: str) -> str:
    """The same server, another database."""
    return url.replace("/postgres?", f"/{name}?")


def new_name() -> str:
    return f"t_{uuid.uuid4().hex[:16]}"


def copied(url: str, template: str) -> Iterator[str]:
    """A database made from the template, dropped at the end."""
    name = new_name()
    with psycopg.connect(url, autocommit=True) as connection:
        _copy(connection, name, template)
        yield in_database(url, name)
        _drop(connection, name)


def lent(url: str) -> Iterator[str]:
    """A database like the template."""
    administrator = _administrator(url)
    found = _SHELF[url].pop() if _SHELF[url] else _copied(administrator, url)
    yield in_database(url, found.name)
    _take_back(administrator, url, found)


def _copied(administrator: Connection, url: str) -> Clean:
    name = new_name()
    _copy(administrator, name, TEMPLATE)
    if url not in _TEMPLATES:
        with psycopg.connect(in_database(url, name), autocommit=True) as fresh:
            _TEMPLATES[url] = Template(shape_of(fresh), rows_of(fresh))
    return Clean(name, _TEMPLATES[url].shape)


def forget(url: str) -> None:
    """The server stops."""
    _SHELF.pop(url, None)
    _TEMPLATES.pop(url, None)
    _administrator(url).close()
    _administrator.cache_clear()


@cache
def _administrator(url: str) -> Connection:
    return psycopg.connect(url, autocommit=True)


def _copy(connection: Connection, name: str, template: str) -> None:
    made = SQL("create database {} template {} strategy file_copy")  # thrice as fast as through the WAL
    connection.execute(made.format(Identifier(name), Identifier(template)))


def _drop(connection: Connection, name: str) -> None:
    connection.execute(SQL("drop database {} with (force)").format(Identifier(name)))


def _take_back(administrator: Connection, url: str, used: Clean) -> None:
    name = new_name()
    if not _renamed(administrator, used.name, name):
        _drop(administrator, used.name)
        return
    with psycopg.connect(in_database(url, name), autocommit=True) as inside:
        shape = emptied(inside, used.shape, _TEMPLATES[url]) if is_sound(inside, used.shape) else None
    if shape:
        _SHELF[url].append(Clean(name, shape))
    else:
        _drop(administrator, name)


def _renamed(connection: Connection, name: str, other: str) -> bool:
    """Everybody is sent out, and finds nothing by the old name. False when somebody was back before that."""
    left = "select pg_terminate_backend(pid, %s) from pg_stat_activity where datname = %s"
    connection.execute(left, (LEAVING_MS, name))
    try:
        connection.execute(SQL("alter database {} rename to {}").format(Identifier(name), Identifier(other)))
    except (psycopg.errors.ObjectInUse, psycopg.errors.InvalidCatalogName):
        return False
    return True


def shape_of(connection: Connection) -> Shape:
    return tuple(connection.execute(SHAPE).fetchall())


def rows_of(connection: Connection) -> dict[str, list[bytes]]:
    """The rows of each table that has some."""
    return {table: _rows(connection, table) for table in filled(connection)}


def filled(connection: Connection) -> list[str]:
    """The tables that have rows, among those that were ever written to: the others are not even opened."""
    written = [table for (table,) in connection.execute(WRITTEN)]
    query = " union all ".join(f"select '{table}' where exists (select from {table})" for table in written)
    return [table for (table,) in connection.execute(query)]


def _rows(connection: Connection, table: str) -> list[bytes]:
    with connection.cursor().copy(f"copy {table} to stdout") as rows:
        return sorted(bytes(row) for row in rows)


def is_sound(connection: Connection, before: Shape) -> bool:
    """Nobody has altered it, and what was written to it is not much."""
    [(size, planned)] = connection.execute(TRACES).fetchall()
    return bool(shape_of(connection) == before and not planned and size < MOST_BYTES)


def emptied(connection: Connection, shape: Shape, template: Template) -> Shape:
    """Take back what was written to it. Its shape afterwards, which is as before unless guards were lifted."""
    lifted = 0
    with connection.transaction():
        connection.execute("set local session_replication_role = replica")
        for table in filled(connection):
            if table not in template.rows:
                lifted += _empty(connection, table)
        for table, rows in template.rows.items():
            _restore(connection, table, rows)
        connection.execute(RESTART)
    connection.execute("select pg_stat_reset()")
    return shape_of(connection) if lifted else shape


def _restore(connection: Connection, table: str, rows: list[bytes]) -> None:
    if _rows(connection, table) != rows:
        _empty(connection, table)
        with connection.cursor().copy(f"copy {table} from stdin") as filling:
            for row in rows:
                filling.write(row)


def _empty(connection: Connection, table: str) -> int:
    """How many guards had to be lifted."""
    guards = [name for (name,) in connection.execute(GUARDS, (table,))]
    for guard in guards:
        connection.execute(f"alter table {table} disable trigger {guard}")
    connection.execute(f"delete from {table}")
    for guard in guards:
        connection.execute(f"alter table {table} enable always trigger {guard}")
    return len(guards)

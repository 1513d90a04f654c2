"""The schema: migrations go up, down and up again, equal the tables, and every named query fits them."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config

from core.store import queries
from core.store.db import Database
from tests.cases import Cases

ROOT = Path(__file__).parent.parent.parent


def config(url: str) -> Config:
    made = Config(ROOT / "alembic.ini")
    made.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return made


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_schema in ('public', 'report') and table_name <> 'alembic_version'"
        )
        return {row[0] for row in rows}


def test_migrations_go_up_and_down_and_up_again(empty_url: str) -> None:
    command.upgrade(config(empty_url), "head")
    once = tables(empty_url)
    command.downgrade(config(empty_url), "base")
    assert tables(empty_url) == set()
    command.upgrade(config(empty_url), "head")
    assert tables(empty_url) == once
    assert {"public.inbox", "report.transcript"} <= once


@pytest.mark.filterwarnings("ignore:Computed default")
def test_the_migrated_schema_equals_the_tables(db_url: str) -> None:
    command.check(config(db_url))


def prepared(named: str) -> bytes:
    """A named query with its parameters by number."""
    order: list[str] = []

    def numbered(found: re.Match[str]) -> str:
        if found[1] not in order:
            order.append(found[1])
        return f"${order.index(found[1]) + 1}"

    statement = re.sub(r"%\((\w+)\)s", numbered, queries.load()[named]).replace("%%", "%")
    return f"prepare fits as {statement}".encode()


def test_every_named_query_fits_the_migrated_schema(db: Database, each: Cases) -> None:
    with psycopg.connect(db.url, autocommit=True) as connection:

        def check(name: str) -> None:
            connection.execute(prepared(name))
            connection.execute("deallocate fits")

        each(sorted(queries.load()), check)


def test_no_named_query_is_an_orphan() -> None:
    """Each is run by name from somewhere."""
    code = "\n".join(path.read_text() for path in (ROOT / "core").rglob("*.py"))
    assert [name for name in queries.load() if f'"{name}"' not in code] == []


def test_two_histories_of_one_conversation_cannot_both_exist(db: Database) -> None:
    with db.transaction() as tx:
        tx._cursor.execute("insert into channels (kind, address) values ('whatsapp', '1')")
        tx._cursor.execute("insert into contacts default values")
        tx._cursor.execute(
            "insert into conversations (channel_id, contact_id) select ch.id, c.id from channels ch, contacts c"
        )
        insert = (
            "insert into steps (conversation_id, version, event_id, from_flow, from_state, to_flow, to_state, trigger,"
            " origin) select id, 1, 1, '', '', '', '', '', 'customer' from conversations"
        )
        tx._cursor.execute(insert)
        with pytest.raises(psycopg.errors.UniqueViolation):
            tx._cursor.execute(insert)

"""A database that is lent again is as fresh as a new copy, and one that a test has altered is lent to nobody."""

from __future__ import annotations

import psycopg
import pytest

from core.store.db import Database
from tests import databases
from tests.integration.crew import Rooms, text
from tests.integration.staff import Visitor, account, web

ALTERED = {
    "a table": "create table more (id int)",
    "a column": "alter table inbox add column more int",
    "an index": "alter table inbox drop constraint inbox_pkey cascade",
    "a right": "grant select on inbox to public",
    "a view": "create or replace view report.more as select 1 as one",
    "a function": "create function more() returns int language sql return 1",
    "a guard": "alter table audit disable trigger audit_kept",
    "a constraint": "alter table inbox add constraint more check (id > 0) not valid",
    "a setting": "do $$ begin execute format('alter database %I set enable_hashjoin = off', current_database()); end $$",
    "plans": "analyze channels",
}
SEQUENCES = "select count(*) from pg_sequences where last_value is not null and schemaname not like 'pg_%%'"
GUARDS = "select tgname from pg_trigger where tgenabled = 'A' order by 1"


def live_in(url: str) -> int:
    """A customer writes, is answered, and staff sign in, which the audit keeps. The id of the database."""
    db = Database(url)
    rooms = Rooms(db)
    rooms.hear(text("hola", wamid="wamid.1"))
    rooms.work()
    account(db)
    Visitor(web(db)).sign_in()
    rooms.ask("update sweeps set reached = reached + 7")
    filled = {row.it for row in rooms.ask("select 'audit' as it from audit union select 'outbox' from outbox")}
    assert filled == {"audit", "outbox"}
    [(id,)] = rooms.ask("select oid from pg_database where datname = current_database()")
    rooms.close()
    db.close()
    return int(id)


def test_who_gets_a_database_after_another_finds_nothing_of_him(postgres: str) -> None:
    first = databases.lent(postgres)
    was = next(first)
    id = live_in(was)
    next(first, None)
    second = databases.lent(postgres)
    with psycopg.connect(next(second), autocommit=True) as again, psycopg.connect(_copy(postgres)) as fresh:
        assert again.execute("select oid from pg_database where datname = current_database()").fetchone() == (id,)
        assert databases.rows_of(again) == databases.rows_of(fresh) != {}
        for same in (SEQUENCES, GUARDS):
            assert again.execute(same).fetchall() == fresh.execute(same).fetchall()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(was)
    next(second, None)


def _copy(url: str) -> str:
    return next(databases.copied(url, databases.TEMPLATE))


@pytest.mark.parametrize("what", ALTERED)
def test_what_was_altered_is_seen(what: str, db: Database) -> None:
    with psycopg.connect(db.url) as connection:
        before = databases.shape_of(connection)
        assert databases.is_sound(connection, before)
        connection.execute(ALTERED[what])
        assert not databases.is_sound(connection, before)
        connection.rollback()


def test_what_was_filled_is_seen(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(db.url) as connection:
        before = databases.shape_of(connection)
        monkeypatch.setattr(databases, "MOST_BYTES", 1)
        assert not databases.is_sound(connection, before)

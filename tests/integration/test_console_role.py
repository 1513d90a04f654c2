"""The console's role: what it may do, and that everything it may not is noticed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from core.store.asking import console
from core.store.db import Database, Tx

HARMLESS = (
    "clock_timestamp|timeofday|random|random_normal|setseed|array_sample|array_shuffle|gen_random_uuid|uuidv4|uuidv7",
    "current_query|currtid2|amvalidate|txid_status|pg_xact_status",  # about itself, or what it may read anyway
    r"binary_upgrade_\w+",  # PostgreSQL refuses them outside an upgrade
    "brin_desummarize_range|brin_summarize_\\w+|gin_clean_pending_list",  # for the owner of the index only
    r"pg_(create|copy|drop)_\w*replication_slot|pg_replication_slot_advance|pg_logical_slot_\w+",  # for replication only
    "pg_sync_replication_slots|pg_nextoid|pg_stop_making_pinned_objects|pg_import_system_collations",  # superuser only
    "pg_extension_config_dump|pg_(clear|restore)_(attribute|relation)_stats",  # only in an extension; only for the owner
    r"pg_stat_\w+|pg_control_\w+|pg_\w*wal_\w+|pg_is_in_recovery|pg_last_\w+|pg_get_\w+|pg_wal_summary_contents",
    r"pg_(database|relation|table|indexes|tablespace|total_relation)_size|pg_partition_\w+|pg_sequence_last_value",
    r"pg_(safe_snapshot_)?blocking_pids|pg_isolation_test_session_is_blocked|pg_lock_status|pg_prepared_xact",
    r"pg_\w*collation_actual_version|pg_jit_available|pg_notification_queue_usage|pg_xact_commit_timestamp\w*",
    "pg_available_wal_summaries|plpgsql_validator",
)
"""Volatile functions that it may execute, by why."""

VOLATILE = """
select distinct proname from pg_proc where provolatile = 'v' and has_function_privilege('turno_console', oid, 'execute')
    and prorettype not in ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype, 'language_handler'::regtype)
    and not 'internal'::regtype = any (proargtypes)
    and has_schema_privilege('turno_console', pronamespace, 'usage')
"""

LOOSENED = {
    "alter role turno_console superuser": "it is a superuser, or may create roles or databases",
    "alter role turno_console createrole": "it is a superuser, or may create roles or databases",
    "alter role turno_console nologin": "it is not allowed to log in",
    "alter role turno_console connection limit -1": "the number of its connections is not limited",
    "alter role turno_console reset temp_file_limit": "its temp_file_limit is not limited",
    "alter role turno_console set statement_timeout = 0": "its statement_timeout is not limited",
    "alter role turno_console reset default_transaction_read_only": "its transactions are not read-only",
    "grant pg_read_all_data to turno_console": "it is a member of pg_read_all_data",
    "grant execute on function pg_sleep(double precision) to turno_console": "it may execute pg_sleep",
    "grant execute on function set_config(text, text, boolean) to public": "it may execute set_config",
    "grant execute on function pg_read_file(text) to turno_console": "it may execute pg_read_file",
    "grant usage on language plpgsql to turno_console": "it may use the language plpgsql",
    "grant usage on schema public to turno_console": "it may enter the schema public",
    "grant create on schema console to turno_console": "it may create things in the schema console",
    "grant select on sessions to turno_console": "it may read or write sessions",
    "grant select (memory) on sessions to turno_console": "it may read or write sessions",
    "grant insert on console.inbox to turno_console": "it may read or write console.inbox",
    "alter view console.inbox owner to turno_console": "it owns pg_class",
    "alter view console.inbox set (security_barrier = false)": "the view console.inbox is no barrier",
    "alter function console.sees(text) security definer": "it may execute console.sees(text), which runs as its owner",
}


@pytest.fixture
def undone(db: Database) -> Iterator[Tx]:
    """A transaction that is rolled back: the role belongs to all databases of the server."""
    with db.connection() as connection:
        yield Tx(connection)
        connection.rollback()


def as_console(db: Database, desks: str = "*") -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(make_conninfo(db.url, user="turno_console", options=f"-c turno.desks={desks}"))


def test_a_migrated_database_confines_it(db: Database) -> None:
    with db.transaction() as tx:
        assert console.check(tx) == []


@pytest.mark.parametrize("statement", list(LOOSENED))
def test_every_freedom_is_noticed(undone: Tx, statement: str) -> None:
    undone._cursor.execute(statement.encode())
    told = console.check(undone)
    assert [why for why in told if why.startswith(LOOSENED[statement])], told


def test_confining_it_again_takes_back_what_was_given(undone: Tx) -> None:
    undone._cursor.execute("grant usage on schema public to public; grant execute on function pg_notify to public")
    undone._cursor.execute("alter role turno_console set work_mem = '1GB'")
    assert console.check(undone)
    undone._cursor.execute("select console.confine()")
    assert console.check(undone) == []


def test_who_could_log_in_before_keeps_what_everybody_loses(undone: Tx) -> None:
    undone._cursor.execute("create role somebody login; select console.confine()")
    undone._cursor.execute(
        "select has_function_privilege('somebody', 'pg_notify(text, text)', 'execute'),"
        " has_schema_privilege('somebody', 'public', 'usage'), has_language_privilege('somebody', 'plpgsql', 'usage')"
    )
    assert tuple(undone._cursor.fetchone()) == (True, True, True)


def test_every_volatile_function_that_it_may_execute_is_known_to_be_harmless(db: Database) -> None:
    with psycopg.connect(db.url) as connection:
        may = {row[0] for row in connection.execute(VOLATILE)}
    assert {"random", "clock_timestamp"} <= may
    assert {name for name in may if not re.fullmatch("|".join(HARMLESS), name)} == set()


def test_its_views_have_columns_of_the_report_s_views(db: Database) -> None:
    with psycopg.connect(db.url) as connection:
        rows = connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns"
            " where table_schema in ('report', 'console')"
        ).fetchall()
    report, own = (
        {(view, name) for schema, view, name in rows if schema == wanted} for wanted in ("report", "console")
    )
    assert len({view for view, _ in own}) >= 17
    assert own - report == set()


def test_every_view_says_what_it_holds(db: Database) -> None:
    with db.transaction() as tx:
        views = console.views(tx)
    assert [view.name for view in views if not view.holds] == []
    assert ("state", "text") in next(view for view in views if view.name == "inbox").columns


PERSON = """
insert into desks (id, name, language, timezone, menu) values ('a', 'A', 'es', 'UTC', 'menu'), ('b', 'B', 'es', 'UTC', 'menu');
insert into channels (kind, address, desk_id) values ('whatsapp', '5215500000001', 'a'), ('whatsapp', '2', 'b');
insert into contacts (name) values ('Rosa Maldonado');
insert into aliases (scope, kind, value, contact_id) select '', 'wa_id', '5215587654321', id from contacts;
insert into conversations (channel_id, contact_id) select ch.id, c.id from channels ch, contacts c;
insert into sessions (conversation_id, memory) select id, '{"slots": {"name": "Rosa Maldonado"}}' from conversations;
insert into inbox (channel_id, conversation_id, external_id, kind, text, raw, error)
select channel_id, id, 'wamid.HBgNNTIxNTU4NzY1NDMyMRUCABIY', 'text', 'Vivo en Reforma 10', '{"from": "5215587654321"}',
    'ValueError: Rosa Maldonado' from conversations;
insert into outbox (channel_id, conversation_id, correlation_id, kind, text, external_id, error)
select channel_id, id, 'wamid.HBgNNTIxNTU4NzY1NDMyMRUCABIY', 'text', 'Hola, Rosa Maldonado', 'wamid.HBgN5215587654321',
    'no 5215587654321' from conversations;
insert into steps (conversation_id, version, event_id, from_flow, from_state, to_flow, to_state, trigger, origin, reading,
    note)
select id, 1, 1, '', '', 'menu', 'rested', 'x', 'customer',
    '{"intent": "x", "guesses": {"name": {"value": "Rosa Maldonado"}}}', 'Rosa Maldonado' from conversations;
insert into tickets (number, desk_id, conversation_id, event_id, kind, summary, content)
select 'TKT-' || c.id, ch.desk_id, c.id, 1, 'refrigerator' || c.id, 'Vivo en Reforma 10',
    '{"equipment": {"code": "404", "client": "Rosa Maldonado"}, "given": "Vivo en Reforma 10"}'
from conversations c join channels ch on ch.id = c.channel_id;
insert into surveys (ticket, status, comment) select number, 'completed', 'Soy Rosa Maldonado' from tickets;
"""

PRIVATE = ("Rosa", "Maldonado", "Reforma", "55876", "wamid.HB", "NNTIx", "521550000")


@pytest.fixture
def person(db: Database) -> Database:
    with psycopg.connect(db.url) as connection:
        connection.execute(PERSON.encode())
    return db


def test_no_view_shows_who_somebody_is_or_what_they_wrote(person: Database) -> None:
    with person.transaction() as tx:
        names = [view.name for view in console.views(tx)]
    with as_console(person) as connection:
        shown = {name: str(connection.execute(f"select v::text from {name} v".encode()).fetchall()) for name in names}
    assert "••• (18 characters)" in shown["inbox"]
    assert "404" in shown["tickets"]
    assert [(name, word) for name, text in shown.items() for word in PRIVATE if word in text] == []


def test_it_sees_the_desks_that_were_named_and_nobody_s_when_none_was(person: Database) -> None:
    def desks(told: str) -> set[object]:
        with as_console(person, told) as connection:
            return {row[0] for row in connection.execute("select desk from inbox union all select desk from desks")}

    assert desks("*") == {"a", "b"}
    assert desks("a") == {"a"}
    assert desks("a,b") == {"a", "b"}
    assert desks("") == desks("-") == set()


def test_an_error_of_somebody_s_expression_quotes_only_what_is_masked(person: Database) -> None:
    with as_console(person) as connection, pytest.raises(psycopg.errors.InvalidTextRepresentation, match="•••") as told:
        connection.execute("select * from inbox where text::int = 1")
    assert "Reforma" not in str(told.value)


def test_it_is_confined_by_its_own_settings_whoever_connects(db: Database) -> None:
    with as_console(db) as connection:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("create temp table x ()")
        connection.rollback()
        shown = [connection.execute(f"show {name}".encode()).fetchone() for name in ("temp_file_limit", "work_mem")]
    assert shown == [("256MB",), ("16MB",)]

"""What was tried against the console and the panels, and what happens. `python -m tests.attacks` prints the table of
`docs/console.md`; `tests/integration/test_attacks.py` tries each and holds it to these words."""

from __future__ import annotations

from typing import NamedTuple

STOPPED = "stopped by its limit of time or of room"
"""Whichever is reached first: that is a matter of the machine's pace."""
HARMLESS = "answered"
SAME = "the same"


class Attack(NamedTuple):
    tried: str
    """What for."""
    sql: str
    console: str
    """What is said, or `answered`: then what it brings is harmless, and the test looks into it."""
    panel: str = SAME


ATTACKS = (
    # a second statement, or none
    Attack("a second statement", "select 1; drop table sessions", "there is a second statement after the semicolon"),
    Attack("a second one behind a comment", "select 1 /* ; */ ; -- x\ndelete from sessions", "there is a second statement"),
    Attack(
        "out of the parentheses around it",
        "select 1) as x; delete from public.sessions; select * from (select 1",
        "there is a second statement",
    ),
    Attack("the same without a semicolon", "select 1) as x (a) --", "a parenthesis is closed that was never opened"),
    Attack("a semicolon hidden in a dollar quote", "select $a$;$a$; reset role", "there is a second statement"),
    Attack("a quote that never ends", "select 'a; drop table sessions", "a quote is opened and never closed"),
    Attack("a comment that never ends", "select 1 /* /* */ drop table sessions", "a comment is opened and never closed"),
    Attack("a psql command", "select 1 \\gexec", 'Syntax error at or near "\\"'),
    Attack("nothing", "/* nothing */", "there is no SQL"),
    Attack("a row without columns", "select", "This has no columns."),
    # what is not a SELECT
    Attack("to write", "insert into inbox (text) values ('x')", "it begins with 'insert': one SELECT is wanted"),
    Attack("to delete", "delete from public.sessions", "it begins with 'delete': one SELECT is wanted"),
    Attack("to run a program", "copy (select 1) to program 'id'", "it begins with 'copy': one SELECT is wanted"),
    Attack("a block of code", "do $$ begin perform pg_sleep(10); end $$", "it begins with 'do': one SELECT is wanted"),
    Attack("a procedure", "call anything()", "it begins with 'call': one SELECT is wanted"),
    Attack("another role", "set role postgres", "it begins with 'set': one SELECT is wanted"),
    Attack("the role before", "reset role", "it begins with 'reset': one SELECT is wanted"),
    Attack("a fresh session", "discard all", "it begins with 'discard': one SELECT is wanted"),
    Attack("prepared statements", "prepare p as select 1", "it begins with 'prepare': one SELECT is wanted"),
    Attack("those of the driver", "execute _pg3_0", "it begins with 'execute': one SELECT is wanted"),
    Attack("forgetting them", "deallocate all", "it begins with 'deallocate': one SELECT is wanted"),
    Attack("listening", "listen turno", "it begins with 'listen': one SELECT is wanted"),
    Attack("the end of the transaction", "commit and chain", "it begins with 'commit': one SELECT is wanted"),
    Attack("explain, which runs it", "explain analyze delete from inbox", "it begins with 'explain': one SELECT is wanted"),
    # a SELECT that writes
    Attack(
        "deleting on the side",
        "with gone as (delete from inbox returning *) select * from gone",
        "WITH clause containing a data-modifying statement must be at the top level",
    ),
    Attack(
        "inserting on the side",
        "with x as (insert into contacts (name) values ('x') returning *) select * from x",
        'Relation "contacts" does not exist',
    ),
    Attack("a new table", "select * into copied from inbox", "SELECT ... INTO is not allowed here"),
    Attack("locking rows", "select * from inbox for update", "Permission denied for view inbox"),
    # functions that bite in a read-only transaction
    Attack("the role, as a setting", "select set_config('role', 'postgres', false)", "Permission denied for function set_config", "a panel does not change settings"),
    Attack("the same, spelled in Unicode", "select U&\"set\\005fconfig\"('role', 'none', false)", "Permission denied for function set_config"),
    Attack("another desk's rows", "select pg_catalog.set_config('turno.desks', '*', true), count(*) from inbox", "Permission denied for function set_config", "a panel does not change settings"),
    Attack("through the view of settings", "with x as (update pg_settings set setting = 'off' where name = 'transaction_read_only' returning 1) select 1", "WITH clause containing a data-modifying statement must be at the top level"),
    Attack("waiting", "select pg_sleep(3600)", "Permission denied for function pg_sleep"),
    Attack("waiting for somebody", "select pg_sleep_for('1 hour')", "Permission denied for function pg_sleep_for"),
    Attack("the lock of the audit", "select pg_advisory_xact_lock(7878002)", "Permission denied for function pg_advisory_xact_lock"),
    Attack("a lock that stays", "select pg_advisory_lock(7878001)", "Permission denied for function pg_advisory_lock"),
    Attack("trying a lock", "select pg_try_advisory_lock(1)", "Permission denied for function pg_try_advisory_lock"),
    Attack("ringing the bell", "select pg_notify('turno', 'x')", "Permission denied for function pg_notify"),
    Attack("a large object", "select lo_from_bytea(0, 'x')", "Permission denied for function lo_from_bytea"),
    Attack("a file as a large object", "select lo_import('/etc/passwd')", "Permission denied for function lo_import"),
    Attack("text run as SQL", "select query_to_xml('delete from public.sessions', true, true, '')", "Permission denied for function query_to_xml"),
    Attack("a table as XML", "select table_to_xml('pg_class', true, true, '')", "Permission denied for function table_to_xml"),
    Attack("the database as XML", "select database_to_xml(true, true, '')", "Permission denied for function database_to_xml"),
    Attack("the cursor we read with", "select cursor_to_xml('asked', 10, true, true, '')", "Permission denied for function cursor_to_xml"),
    Attack("SQL in a word count", "select * from ts_stat('select 1')", "Permission denied for function ts_stat"),
    Attack("ending other sessions", "select pg_terminate_backend(pid) from pg_stat_activity", "Permission denied for function pg_terminate_backend"),
    Attack("stopping their statements", "select pg_cancel_backend(1)", "Permission denied for function pg_cancel_backend"),
    Attack("a snapshot that stays", "select pg_export_snapshot()", "Permission denied for function pg_export_snapshot"),
    Attack("a transaction number", "select pg_current_xact_id()", "Permission denied for function pg_current_xact_id"),
    Attack("a line in the log of changes", "select pg_logical_emit_message(false, 'a', 'b')", "Permission denied for function pg_logical_emit_message"),
    Attack("a sequence", "select nextval('public.inbox_id_seq')", "Permission denied for schema public"),
    Attack("another server", "select * from dblink('dbname=postgres', 'select 1') as t (a int)", "Function dblink(unknown, unknown) does not exist"),
    # reading what is not theirs
    Attack("a table", "select * from public.sessions", "Permission denied for schema public"),
    Attack("a table by its bare name", "select * from staff_sessions", 'Relation "staff_sessions" does not exist'),
    Attack("the raw bodies", "select raw from public.inbox", "Permission denied for schema public"),
    Attack("the report, unmasked", "select text from report.inbox", "Permission denied for schema report", HARMLESS),
    Attack("a name by a cast", "select 'public.staff'::regclass::oid", "Permission denied for schema public"),
    Attack("password hashes", "select * from pg_authid", "Permission denied for table pg_authid"),
    Attack("the same, older", "select * from pg_shadow", "Permission denied for view pg_shadow"),
    Attack("statistics, which hold values", "select * from pg_statistic", "Permission denied for table pg_statistic"),
    Attack("the readable kind of them", "select most_common_vals from pg_stats where schemaname = 'public'", HARMLESS),
    Attack("what others ask just now", "select query from pg_stat_activity", HARMLESS),
    Attack("a file", "select pg_read_file('/etc/passwd')", "Permission denied for function pg_read_file"),
    Attack("a folder", "select pg_ls_dir('.')", "Permission denied for function pg_ls_dir"),
    Attack("where the data lie", "select current_setting('data_directory')", 'Permission denied to examine "data_directory"'),
    Attack("who may connect from where", "select * from pg_hba_file_rules", "Permission denied for view pg_hba_file_rules"),
    Attack("a secret in an error", "select text::int from inbox", "Invalid input syntax for type integer: \"•••", "Invalid input syntax for type integer: \"Vivo en Reforma"),
    Attack("a secret below the barrier", "select * from inbox where 1 / (position('calle' in text) - 0) = 1", "Division by zero"),
    Attack("masks undone", "select pg_get_viewdef('console.inbox'::regclass), external_id, text from inbox", HARMLESS, "Permission denied for schema console"),
    # too much
    Attack("a product without end", "select count(*) from generate_series(1, 1e6) a, generate_series(1, 1e6) b", STOPPED),
    Attack("a recursion without end", "with recursive r (n) as (select 1 union all select n + 1 from r) select count(*) from r", STOPPED),
    Attack("ten million rows", "with recursive r (n) as (select 1 union all select n + 1 from r) select n from r limit 10000000", HARMLESS),
    Attack("a cell of 300 MB", "select repeat(repeat('x', 1000), n) as cell from generate_series(300000, 300000) n", HARMLESS),
    Attack("gigabytes in one row", "select repeat(repeat('x', 1000), 1000000), repeat(repeat('y', 1000), 1000000)", "It wanted more than 1024 MB of memory and was stopped."),
    Attack("files on the disk without end", "select n, repeat('x', 900) as x from generate_series(1, 1e9) n order by x, n desc", STOPPED),
    Attack("sixteen hundred wide columns", "select " + ", ".join(["repeat('x', 9000)"] * 1600) + " from generate_series(1, 1000)", HARMLESS),
    Attack("a number of a hundred thousand digits", "select 10::numeric ^ 100000", HARMLESS),
    Attack("a text with a NUL", "select chr(0)", "Null character not permitted"),
    Attack("a byte that is no letter", "select E'\\xff'", 'Invalid byte sequence for encoding "UTF8"'),
    Attack("files through XML", "select xmlparse(document '<!DOCTYPE f [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><f>&x;</f>')", "Unsupported XML feature"),
    Attack("an infinite time", "select 'infinity'::timestamptz as at, '-infinity'::date as day", HARMLESS),
)  # fmt: skip


def table() -> str:
    """Every attack as a row."""
    head = "| tried | SQL | the console | a panel |\n|---|---|---|---|"
    return "\n".join([head, *(_row(attack) for attack in ATTACKS)])


def _row(attack: Attack) -> str:
    return f"| {attack.tried} | `{_short(attack.sql)}` | {_said(attack.console)} | {_said(attack.panel)} |"


def _short(sql: str) -> str:
    shown = " ".join(sql.split()).replace("|", "\\|")
    return shown if len(shown) <= 110 else f"{shown[:107]}…"


def _said(outcome: str) -> str:
    if outcome == HARMLESS:
        return "answered, and harmless"
    return outcome if outcome in (SAME, STOPPED) else f"“{outcome}”".replace("|", "\\|")


if __name__ == "__main__":
    print(table())

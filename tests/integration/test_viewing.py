"""Reading for staff: within limits of time, rows, bytes and places, by one SELECT that changes nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from core import niceness
from core.errors import Unreachable
from core.store.asking.viewing import Limits, Question, Unanswered, Viewing
from core.store.db import Database
from tests.waiting import until

ALL = frozenset({"*"})
ENDLESS = "select count(*) as a from generate_series(1, 1000000) a, generate_series(1, 1000000) b"
QUICK = Limits(timeout_s=1.0, rows=10, cell=50)


@pytest.fixture
def viewing(db_url: str) -> Iterator[Viewing]:
    viewing = Viewing(db_url, at_once=2, wait_s=0.2)
    yield viewing
    viewing.close()


def of(sql: str, **values: object) -> Question:
    return Question(sql, values, ALL)


def test_rows_come_with_their_columns_and_kinds(viewing: Viewing) -> None:
    rows = viewing.ask(
        of(
            "select 1 as a, 1.5::numeric as b, 'x' as c, now() as d, true as e, '{\"k\": 1}'::jsonb as f, interval '1 s' as g"
        ),
        QUICK,
    )
    assert rows.columns == tuple("abcdefg")
    assert rows.kinds == ("number", "number", "text", "time", "boolean", "json", "duration")
    assert rows.rows[0][:3] == (1, 1.5, "x")
    assert not rows.more


def test_values_are_bound_and_never_become_sql(viewing: Viewing) -> None:
    evil = "'; drop table inbox; --"
    assert viewing.ask(of("select %(x)s::text as a", x=evil), QUICK).rows == [(evil,)]


def test_two_columns_may_have_one_name(viewing: Viewing) -> None:
    rows = viewing.ask(of("select 1 as a, 2 as a, 3 as a_2, 4 as a"), QUICK)
    assert rows.rows == [(1, 2, 3, 4)]
    assert rows.columns == ("a", "a_3", "a_2", "a_4"), "else one would stand in the place of the other"


def test_odd_numbers_and_times_are_nothing_rather_than_an_error(viewing: Viewing) -> None:
    rows = viewing.ask(
        of("select 'NaN'::numeric as a, 'infinity'::float8 as b, '-infinity'::timestamptz as c, null::int as d"), QUICK
    )
    assert rows.rows == [(None, None, None, None)]


def test_what_python_has_no_number_and_no_time_for_is_no_error_either(viewing: Viewing) -> None:
    asked = (
        "select timestamptz '20000-01-01' as a, date '4713-01-01 BC' as b, timestamp '0001-01-01' as c,"
        " interval '100000000 years' as d, interval '-infinity' as e, 1.7e308::float8 as f, -2e-300::float8 as g,"
        " timestamptz '9998-12-31 23:59+00' as h, interval '-1 day' as i"
    )
    *odd, late, ago = viewing.ask(of(asked), QUICK).rows[0]
    assert odd == [None, None, None, None, None, "1.7e+308", "-2e-300"]
    assert (late.year, ago) == (9998, timedelta(days=-1))


def test_ten_million_rows_stay_where_they_are(viewing: Viewing) -> None:
    rows = viewing.ask(
        of("select row_number() over () from generate_series(1, 10000) a, generate_series(1, 1000) b"), QUICK
    )
    assert ([row[0] for row in rows.rows], rows.more) == (list(range(1, 11)), True)


def test_a_cell_of_300_mb_is_cut_in_the_database(viewing: Viewing) -> None:
    rows = viewing.ask(of("select repeat(repeat('x', 1000), 300000) as a"), Limits(timeout_s=120, rows=10, cell=50))
    assert rows.rows == [("x" * 50 + "…",)]


def test_a_number_of_a_hundred_thousand_digits_is_cut_too(viewing: Viewing) -> None:
    ((cell,),) = viewing.ask(of("select 10::numeric ^ 100000 as a"), Limits(timeout_s=120)).rows
    assert len(cell) == 61
    assert cell.endswith("…")


def test_an_array_or_json_is_cut_like_a_text(viewing: Viewing) -> None:
    rows = viewing.ask(of("select array_fill(7, array[1000]) as a, to_jsonb(repeat('x', 1000)) as b"), QUICK)
    assert [len(cell) for cell in rows.rows[0]] == [51, 51]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the server's processes are its own machine's matter")
def test_what_staff_ask_gives_way_to_those_who_serve_customers(viewing: Viewing, db: Database) -> None:
    def told() -> bool:
        [(asked,)] = viewing.ask(of("select pg_backend_pid() as a"), QUICK).rows
        session = Path(f"/proc/{asked}/autogroup")
        told = session.read_text().split() if session.exists() else []
        return psutil.Process(asked).nice() == niceness.BEHIND and told[-1:] in ([], [str(niceness.BEHIND)])

    until(told)
    with db.connection() as serving:
        process = psutil.Process(serving.info.backend_pid)
        assert process.nice() == process.parent().nice(), "theirs is left as it is"


def test_what_is_too_slow_is_stopped_in_its_time(viewing: Viewing) -> None:
    with pytest.raises(Unanswered, match=r"longer than 0\.2 s"):
        viewing.ask(of(ENDLESS), Limits(timeout_s=0.2))
    assert viewing.ask(of("select 1 as a"), QUICK).rows == [(1,)], "the connection is well"


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("select 1; select 2", "syntax error|multiple commands"),
        ("select 1) as panel; drop table public.inbox; select * from (select 2", "multiple commands"),
        ("select 1) as panel limit 0; commit; begin read write; drop table public.inbox; select * from (select 1", "multiple commands"),
        ("delete from public.inbox returning id", "syntax error|denied"),
        ("with gone as (delete from public.inbox returning id) select * from gone", "top level|denied"),
        ("select nextval('public.inbox_id_seq') as a", "read-only|denied"),
        ("select lo_create(0) as a", "read-only|denied"),
        ("select set_config('transaction_read_only', 'off', true) as a", "must be set before any query|denied"),
        ("select 1 as a from public.inbox for update", "read-only|denied"),
        ("select nobody from inbox", "does not exist"),
        ("select 1/0 as a", "zero"),
        ("", "syntax error"),
    ],
)  # fmt: skip
def test_what_is_not_a_select_that_only_reads_is_refused_in_the_databases_words(
    viewing: Viewing, sql: str, why: str
) -> None:
    with pytest.raises(Unanswered, match=f"(?i){why}"):
        viewing.ask(of(sql), QUICK)


def test_names_are_looked_up_in_the_report(viewing: Viewing) -> None:
    assert viewing.ask(of("select is_waiting from inbox"), QUICK).columns == ("is_waiting",)


def test_a_connection_on_which_nobody_said_so_sees_no_desk(db: Database, db_url: str) -> None:
    with db.transaction() as tx:
        tx._cursor.execute("insert into public.desks values ('d', 'D', 'es', 'UTC', 'menu')")
    viewing = Viewing(db_url, at_once=1)
    desks = "select desk from desks"
    seen = [
        viewing.ask(Question(desks, {}, who), QUICK).rows
        for who in (ALL, frozenset(), frozenset({"d"}), frozenset({"e"}))
    ]
    assert seen == [[("d",)], [], [("d",)], []]
    with viewing._db.connection() as connection:
        assert connection.execute(desks).fetchall() == []
        connection.rollback()
    viewing.close()


def test_only_so_many_are_asked_at_once_and_the_next_is_told_so(viewing: Viewing, db: Database) -> None:
    stuck = of("select count(*) as a from breaker_changes")
    with ThreadPoolExecutor(2) as pool:
        with db.transaction() as tx:
            tx._cursor.execute("lock table happenings in access exclusive mode")
            both = [pool.submit(viewing.ask, stuck, Limits(timeout_s=60)) for _ in range(2)]
            until(lambda: waiting(db) == 2)
            assert viewing.ask_aside(of("select 1 as a"), QUICK).rows == [(1,)], "what every page needs does not wait"
            with pytest.raises(Unanswered, match="Too much"):
                viewing.ask(of("select 1 as a"), QUICK)
        assert [answer.result(60).rows for answer in both] == [[(0,)], [(0,)]]
    assert viewing.ask(of("select 1 as a"), QUICK).rows == [(1,)]


def waiting(db: Database) -> int:
    with db.transaction() as tx:
        tx._cursor.execute("select count(*) as n from pg_locks where relation = 'happenings'::regclass and not granted")
        return int(tx._cursor.fetchone().n)


def test_a_file_has_every_row_a_batch_at_a_time(viewing: Viewing) -> None:
    batches = list(viewing.stream(of("select n from generate_series(1, 1001) n")))
    assert len(batches) > 5
    assert [row[0] for batch in batches for row in batch.rows] == list(range(1, 1002))


@pytest.mark.parametrize(("texts", "least"), [(0, 200), (1, 100), (4, 20)])
def test_a_file_comes_many_rows_at_a_time_where_none_can_be_wide(viewing: Viewing, texts: int, least: int) -> None:
    columns = ", ".join(["1 as n", *(f"'x' as x{n}" for n in range(texts))])
    found = viewing.stream(of(f"select {columns} from generate_series(1, 1000)"))
    assert least <= len(next(found).rows) <= 200
    found.close()


def test_a_file_without_rows_still_has_its_columns(viewing: Viewing) -> None:
    (batch,) = viewing.stream(of("select 1 as a where false"))
    assert (batch.columns, list(batch.rows)) == (("a",), [])


def test_a_download_that_nobody_takes_is_not_kept_open(viewing: Viewing) -> None:
    (batch,) = viewing.stream(of("select current_setting('idle_in_transaction_session_timeout') as a"))
    assert list(batch.rows) == [("1min",)]


def test_a_download_that_is_cut_in_the_middle_is_not_taken_for_whole(viewing: Viewing, db: Database) -> None:
    stream = viewing.stream(of("select n, pg_backend_pid() as pid from generate_series(1, 1000) n"))
    pid = next(stream).rows[0][1]
    with db.transaction() as tx:
        tx._cursor.execute("select pg_terminate_backend(%s, 60000)", [pid])
    with pytest.raises((Unanswered, Unreachable)):
        list(stream)
    assert len(list(viewing.stream(of("select 1 as a")))) == 1


def test_a_download_that_is_broken_off_gives_its_place_back(viewing: Viewing) -> None:
    for _ in range(5):
        stream = viewing.stream(of("select n from generate_series(1, 1000) n"))
        next(stream)
        stream.close()  # type: ignore[attr-defined]
    assert len(list(viewing.stream(of("select 1 as a")))) == 1

"""The page of the console: who may, what runs, what is kept, and that nothing runs by itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import psycopg
import pytest

from core.panels.panel_file import parse
from core.store.db import Database
from core.store.staff import audit
from core.store.staff.audit import Filter
from dashboard.console import asking
from dashboard.console.panel_writing import file_name, written
from tests.integration.staff import Visitor, account, signed_in
from tests.integration.test_console_role import PERSON

PAGE = "/admin/console"
COUNT = "select count(*) as big from inbox"


@pytest.fixture
def people(db: Database) -> Database:
    with psycopg.connect(db.url) as connection:
        connection.execute(PERSON.encode())
    return db


@pytest.fixture
def analyst(people: Database) -> Visitor:
    return signed_in(people, "analyst")


def asked(db: Database) -> list[tuple[str, str, str]]:
    with db.transaction() as tx:
        rows = audit.page(tx, Filter(did="asked in the console"), before=None, most=50)
    return [(row.who, row.subject, row.why) for row in rows]


@pytest.mark.parametrize("role", ["viewer", "operator"])
def test_others_may_neither_look_nor_ask(people: Database, role: str) -> None:
    visitor = signed_in(people, role)
    assert visitor.get(PAGE).status_code == 403
    assert visitor.post(PAGE, on="/admin/account", sql=COUNT, do="run").status_code == 403
    assert "SQL console" not in visitor.get("/admin/account").text
    assert asked(people) == []


def test_a_link_brings_its_sql_and_runs_nothing(people: Database, analyst: Visitor) -> None:
    page = analyst.get(f"{PAGE}?sql=select+42+as+forty_two").text
    assert "select 42 as forty_two" in page
    assert "<td" not in page
    assert asked(people) == []


def test_a_form_of_another_page_runs_nothing(people: Database, analyst: Visitor) -> None:
    analyst.get(PAGE)
    assert analyst.send(PAGE, {"sql": COUNT, "do": "run"}).status_code == 403
    assert asked(people) == []


def test_an_answer_is_shown_and_is_in_the_audit_by_its_hash(people: Database, analyst: Visitor) -> None:
    page = analyst.post(PAGE, on=PAGE, sql="select kind, count(*) as times from inbox group by kind", do="run").text
    assert "<td" in page and "1 row." in page
    ((who, subject, why),) = asked(people)
    assert who == "analyst@turno.example"
    assert subject.startswith("sql:") and len(subject) == 4 + 64
    assert why == "1 rows"


def test_columns_choose_the_widget_and_the_rows_stay_below(analyst: Visitor) -> None:
    page = analyst.post(PAGE, on=PAGE, sql="select kind as bar_label, 3 as bar_value from inbox limit 1", do="run").text
    assert "<svg" in page and "<td" in page


def test_what_somebody_named_themselves_is_text_in_the_answer(analyst: Visitor) -> None:
    page = analyst.post(PAGE, on=PAGE, sql="select '<script>alert(1)</script>' as \"<b>\"", do="run").text
    assert "<script>alert" not in page and "<b>&lt;" not in page
    assert "&lt;script&gt;" in page


def test_a_wrong_one_is_answered_in_words_and_is_in_the_audit_too(people: Database, analyst: Visitor) -> None:
    answer = analyst.post(PAGE, on=PAGE, sql="select nothing from inbox", do="run")
    assert answer.status_code == 422
    assert "does not exist" in answer.text
    assert [why for _, _, why in asked(people)] == ["no answer"]


def test_more_rows_than_are_shown_are_told_of(people: Database) -> None:
    visitor = signed_in(people, "admin", console_rows=3)
    page = visitor.post(PAGE, on=PAGE, sql="select n from generate_series(1, 10) n", do="run").text
    assert "Only the first 3 rows are shown" in page
    assert page.count("<td") == 3


def test_a_parameter_is_asked_for_and_bound(people: Database, analyst: Visitor) -> None:
    sql = "select id as found from conversations where desk = :desk and id > :least::int"
    page = analyst.post(PAGE, on=PAGE, sql=sql, do="run").text
    assert "Give a value for :desk, :least" in page
    assert 'name="p_desk"' in page
    page = analyst.post(PAGE, sql=sql, do="run", p_desk="b", p_least="0").text
    assert page.count("<td") == 1
    page = analyst.post(PAGE, sql=sql, do="run", p_desk="b' or '1'='1", p_least="0").text
    assert "No rows." in page


def test_a_person_of_one_desk_asks_about_that_desk(people: Database) -> None:
    visitor = signed_in(people, "analyst", desks=["b"], email="of-b@turno.example")
    page = visitor.post(PAGE, on=PAGE, sql="select distinct desk as mine from inbox", do="run").text
    assert "1 row." in page and ">b<" in page


def test_a_plan_is_shown_and_nothing_is_run(analyst: Visitor) -> None:
    page = analyst.post(PAGE, on=PAGE, sql="select 1 / (random() * 0)::int", do="explain").text
    assert "Result  (cost=" in page and "Nothing was run" in page


def test_files_hold_the_rows_and_no_formula(analyst: Visitor) -> None:
    sql = "select n, '=1+1' as text from generate_series(1, 700) n"
    answer = analyst.post(PAGE, on=PAGE, sql=sql, do="csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert (rows[0], rows[1], len(rows)) == (["n", "text"], ["1", "'=1+1"], 701)
    assert answer.headers["Content-Disposition"].endswith(".csv")
    assert answer.headers["Cache-Control"] == "no-store"
    analyst.get(PAGE)
    assert analyst.post(PAGE, sql=sql, do="json").json[699] == {"n": 700, "text": "=1+1"}
    analyst.get(PAGE)
    assert analyst.post(PAGE, sql=sql, do="tsv").text.startswith("n\ttext")


def test_the_name_of_a_file_says_when_there_was_more(analyst: Visitor, few: None) -> None:
    answer = analyst.post(PAGE, on=PAGE, sql="select n from generate_series(1, 700) n", do="csv")
    assert "-first-250-rows.csv" in answer.headers["Content-Disposition"]
    assert answer.text.count("\n") == 251


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(asking, "FILE", asking.Limits(rows=250, cell=100))
    yield


def test_a_file_that_cannot_be_made_is_a_page_that_says_why(analyst: Visitor) -> None:
    answer = analyst.post(PAGE, on=PAGE, sql="select 1 / (n - 650) from generate_series(1, 700) n", do="csv")
    assert answer.status_code == 422
    assert "Division by zero" in answer.text


def test_what_was_asked_is_kept_for_who_asked(people: Database, analyst: Visitor) -> None:
    analyst.post(PAGE, on=PAGE, sql="select 41 + 1", do="run")
    page = analyst.get(PAGE).text
    assert "select 41 + 1" in page
    with psycopg.connect(people.url) as connection:
        ((id,),) = connection.execute("select id from console_runs").fetchall()
    assert ">select 41 + 1</textarea>" in analyst.get(f"{PAGE}?again={id}").text
    other = signed_in(people, "admin")
    assert "select 41 + 1" not in other.get(PAGE).text
    assert other.get(f"{PAGE}?again={id}").status_code == 404


def test_the_history_forgets_the_oldest(people: Database) -> None:
    from core.store.asking import console

    somebody = account(people, "x@turno.example")
    with people.transaction() as tx:
        for n in range(console.MOST_KEPT + 20):
            console.remember(tx, somebody, f"select {n}", outcome="1 rows", ms=1)
    with psycopg.connect(people.url) as connection:
        ((count, first),) = connection.execute("select count(*), min(id) from console_runs").fetchall()
    assert (count, first) == (console.MOST_KEPT, 21)


def test_a_query_is_saved_replaced_shared_and_deleted(people: Database, analyst: Visitor) -> None:
    analyst.post(PAGE, on=PAGE, sql="select 1", name="Count ", do="save")
    page = analyst.post(PAGE, sql="select 2", name="Count", shared="yes", do="save").text
    assert "“Count” is saved." in page and ">select 2</textarea>" in page
    with psycopg.connect(people.url) as connection:
        ((id, sql),) = connection.execute("select id, sql from console_queries").fetchall()
    assert sql == "select 2"
    other = signed_in(people, "admin")
    assert "of Analyst" in other.get(PAGE).text
    assert ">select 2</textarea>" in other.get(f"{PAGE}?query={id}").text
    assert other.post(f"{PAGE}/queries/{id}/forget", on=PAGE).status_code == 404
    analyst.post(PAGE, on=PAGE, sql="select 2", name="Count", do="save")
    assert other.get(f"{PAGE}?query={id}").status_code == 404
    assert "is deleted" in analyst.post(f"{PAGE}/queries/{id}/forget", on=PAGE).text


def test_a_saved_query_is_downloaded_as_a_panel_that_works(people: Database, analyst: Visitor) -> None:
    sql = "select count(*) as big from console.inbox where state = :state and received_at > :since"
    analyst.post(PAGE, on=PAGE, sql=sql, name="How many wait, ¿sí?", do="save")
    with psycopg.connect(people.url) as connection:
        ((id,),) = connection.execute("select id from console_queries").fetchall()
    answer = analyst.get(f"{PAGE}/queries/{id}.sql")
    assert 'filename="50-how-many-wait-si.sql"' in answer.headers["Content-Disposition"]
    panel = parse(answer.text, board="now", name="50-how-many-wait-si")
    assert panel.problem == ""
    assert panel.title == "How many wait, ¿sí?"
    assert [parameter.name for parameter in panel.own] == ["state"]
    assert "report.inbox" in panel.statement.text


def test_a_panel_s_name_cannot_leave_its_comment() -> None:
    assert written("x\nselect 2", "select 1").splitlines()[0] == "-- title: x select 2"
    assert file_name("../../etc/passwd\n") == "50-etc-passwd.sql"
    assert file_name("¿¿??") == "50-query.sql"


def test_it_is_off_and_says_why_when_its_role_may_too_much(people: Database, analyst: Visitor) -> None:
    with psycopg.connect(people.url) as connection:
        connection.execute("grant execute on function pg_sleep(double precision) to turno_console")
    page = analyst.get(PAGE)
    assert "The console is off" in page.text and "it may execute pg_sleep" in page.text
    answer = analyst.post(PAGE, sql=COUNT, do="run")
    assert answer.status_code == 503
    assert "<td" not in answer.text
    assert asked(people) == []


@pytest.mark.parametrize(
    ("user", "why"),
    [("nobody_of_that_name", "cannot log in"), ("postgres", "logs in as postgres, not as turno_console")],
)
def test_it_is_off_and_says_why_when_nobody_or_somebody_else_logs_in(people: Database, user: str, why: str) -> None:
    url = people.url.replace("postgres:@", f"{user}:@")
    visitor = signed_in(people, "analyst", console_database_url=url)
    assert why in visitor.get(PAGE).text
    assert visitor.post(PAGE, sql=COUNT, do="run").status_code == 503

"""Everything of `tests/attacks.py` tried against the console and against panels: what is said, that nothing is changed or
told, and that it ends in time. Those that a look at the text refuses are tried again past that look."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

from core.panels.panel_file import parse
from core.panels.sql_text import BadSql, typed_select
from core.rows import Rows
from core.store.asking.confined import Confined, url_of
from core.store.asking.question import Limits, Question, Unanswered
from core.store.asking.viewing import Viewing
from tests.attacks import ATTACKS, HARMLESS, SAME, STOPPED, Attack, table
from tests.conftest import TEMPLATE, fresh_database
from tests.integration.test_console_role import PERSON, PRIVATE

ROOT = Path(__file__).parents[2]
LIMITS = Limits(timeout_s=6, rows=10, cell=100, bytes=300_000)
BRIEF = replace(LIMITS, timeout_s=1)
"""For what would never end by itself."""
FILLS = "files on the disk without end"
"""It would not end either, but is to come to its limit of room."""
PATIENT = replace(LIMITS, timeout_s=240)
"""For what is to be answered: however slow the machine."""
LATEST = 6
"""Somebody waits beside for so many times the limit, and must still be waiting when what is stopped has ended."""
SECRETS = (*PRIVATE, "argon2-of-ana", "a question of another", "root:x:0")
CHANGED = """
select (select count(*) from contacts), (select count(*) from inbox), (select count(*) from sessions),
    (select count(*) from pg_class where relkind in ('r', 'v', 'S')), (select count(*) from pg_largeobject_metadata),
    (select count(*) from pg_roles), (select count(*) from pg_locks where locktype = 'advisory'
        and database = (select oid from pg_database where datname = current_database())),
    (select last_value from inbox_id_seq), (select count(*) from pg_prepared_statements)
"""

each = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.tried)


@dataclass(frozen=True)
class Place:
    """A database with people in it, and both ways in."""

    url: str
    console: Confined
    panels: Viewing

    def state(self) -> object:
        with psycopg.connect(self.url) as connection:
            return connection.execute(CHANGED).fetchone()


@pytest.fixture(scope="module")
def place(postgres: str) -> Iterator[Place]:
    for url in fresh_database(postgres, TEMPLATE):
        with psycopg.connect(url) as connection:
            connection.execute(PERSON.encode())
            connection.execute(
                "insert into staff (email, name, role, password_hash) values ('ana@x', 'Ana', 'admin', 'argon2-of-ana')"
            )
        viewing = Viewing(url)
        with psycopg.connect(url) as other:
            other.execute("select 'a question of another'")
            yield Place(url, Confined(url_of("", url), wait_s=60), viewing)
        viewing.close()


LIMITS_TOLD = ("It took longer than ", "It wanted too much room ", "It wanted more than ")


def through_the_console(place: Place, attack: Attack) -> Rows:
    statement = typed_select(attack.sql)
    return place.console.ask(Question(statement.text, {}, frozenset({"a"})), limits(attack.console, attack))


def limits(outcome: str, attack: Attack) -> Limits:
    if outcome == STOPPED and attack.tried != FILLS:
        return BRIEF
    return PATIENT if outcome == HARMLESS else LIMITS


@contextmanager
def in_time(place: Place, outcome: str, attack: Attack) -> Iterator[None]:
    """What is stopped by its limit ends before somebody has waited beside it in the same server, a few times as long."""
    if not limited(outcome):
        yield
        return
    long = limits(outcome, attack).timeout_s * LATEST
    with psycopg.connect(place.url, autocommit=True) as control, ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(control.execute, f"select pg_sleep({long})".encode())
        try:
            yield
        finally:
            late = waiting.done()
            with psycopg.connect(place.url) as other:
                other.execute("select pg_terminate_backend(%s)", [control.info.backend_pid])
            waiting.exception()
            assert not late, f"it took longer than {long} s"


def limited(outcome: str) -> bool:
    return outcome == STOPPED or outcome.startswith(LIMITS_TOLD)


def as_a_panel(place: Place, attack: Attack) -> Rows:
    panel = parse(f"-- title: Attack\n{attack.sql}", board="now", name="10-attack")
    if panel.problem:
        raise BadSql(panel.problem)
    outcome = attack.console if attack.panel == SAME else attack.panel
    return place.panels.ask(Question(panel.statement.text, {}, frozenset({"a"})), limits(outcome, attack))


def held_to(outcome: str, attack: Attack, place: Place, way: object) -> None:
    assert callable(way)
    before = place.state()
    try:
        with in_time(place, outcome, attack):
            told = str(way(place, attack))
        assert outcome == HARMLESS, told[:500]
        harmless(told, attack)
    except (BadSql, Unanswered) as problem:
        told = str(problem)
        wanted = LIMITS_TOLD if limited(outcome) else outcome  # which limit is a matter of pace
        assert told.startswith(wanted), told
    assert place.state() == before
    if way is through_the_console:
        assert [secret for secret in SECRETS if secret in told] == []


def harmless(told: str, attack: Attack) -> None:
    """What is answered is small, whatever was asked for."""
    assert len(told) < 400_000, attack.tried


@each
def test_the_console_stands(place: Place, attack: Attack) -> None:
    held_to(attack.console, attack, place, through_the_console)


@each
def test_a_panel_stands(place: Place, attack: Attack) -> None:
    held_to(attack.console if attack.panel == SAME else attack.panel, attack, place, as_a_panel)


@each
def test_the_database_alone_stands(place: Place, attack: Attack) -> None:
    """Without any look at the text."""
    before = place.state()
    try:
        question = Question(attack.sql.replace("%", "%%"), {}, frozenset({"a"}))
        with in_time(place, attack.console, attack):
            told = str(place.console.ask(question, limits(attack.console, attack)))
        assert attack.console == HARMLESS, told[:500]
    except Unanswered as problem:
        told = str(problem)
    assert place.state() == before
    assert [secret for secret in SECRETS if secret in told] == []


@each
def test_nobody_explains_his_way_out(place: Place, attack: Attack) -> None:
    before = place.state()
    try:
        told = str(place.console.explain(Question(attack.sql.replace("%", "%%"), {}, frozenset({"a"})), LIMITS))
        assert attack.console in (HARMLESS, STOPPED) or attack.console[0].isupper(), told
    except Unanswered as problem:
        told = str(problem)
    assert place.state() == before
    assert [secret for secret in SECRETS if secret in told] == []


def test_there_are_fifty_of_them_and_the_document_has_them_all() -> None:
    assert len(ATTACKS) >= 50
    assert table() in (ROOT / "docs" / "console.md").read_text(encoding="utf-8")

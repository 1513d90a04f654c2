"""Every panel, on the empty database and on a seeded one: it has rows, they fit its widget, and it reads `report` only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import product

import psycopg
import pytest

from bot import desks as flows
from core.clock import SystemClock
from core.panels.panel_file import Panel
from core.panels.parameters import values
from core.store.asking.viewing import Limits, Viewing
from core.store.db import Database
from dashboard.boards.asking import Asked, Asking
from dashboard.boards.shelf import BOARDS, Shelf
from dashboard.boards.showing import Shown, show
from tests.cases import Cases
from tests.conftest import TEMPLATE, fresh_database
from tests.integration.seeded import DESKS, seed, seed_months

SHELF = Shelf(desks=flows.panels)
PANELS = [panel for board in SHELF.boards().values() for panel in board.panels]
EVERYBODY = frozenset({"*"})
ADDRESSES = {desk["id"]: desk["whatsapp"][0] for desk in DESKS["desks"]}


@pytest.fixture(scope="module")
def empty(postgres: str) -> Iterator[str]:
    yield from fresh_database(postgres, TEMPLATE)


@pytest.fixture(scope="module")
def full(postgres: str) -> Iterator[str]:
    for url in fresh_database(postgres, TEMPLATE):
        db = Database(url)
        seed(db)
        seed_months(db)
        db.close()
        yield url


@pytest.fixture(scope="module")
def on_empty(empty: str) -> Iterator[Asking]:
    yield from asking(empty)


@pytest.fixture(scope="module")
def on_full(full: str) -> Iterator[Asking]:
    yield from asking(full)


def asking(url: str) -> Iterator[Asking]:
    viewing = Viewing(url)
    yield Asking(viewing, SystemClock(), Limits(), keep_s=0)
    viewing.close()


def shown(asked_at: Asking, panel: Panel, desks: frozenset[str] = EVERYBODY, **given: str) -> Shown:
    return show(panel, Asked({"since": "30d", **given}, desks), asked_at, diagrams=flows.diagrams())


def test_every_board_has_panels() -> None:
    assert list(SHELF.boards()) == [*BOARDS, "desk-it", "desk-hotel", "desk-field"]
    assert len(PANELS) > 40


EachPanel = Callable[[Callable[[Panel], None]], None]


@pytest.fixture
def each_panel(each: Cases) -> EachPanel:
    return lambda check: each(PANELS, check, lambda panel: panel.path)


def test_a_panels_file_is_in_order(each_panel: EachPanel) -> None:
    def check(panel: Panel) -> None:
        assert panel.problem == ""
        assert panel.help, "say in one sentence what it shows"

    each_panel(check)


def test_a_panel_is_shown_on_the_empty_database(on_empty: Asking, each_panel: EachPanel) -> None:
    def check(panel: Panel) -> None:
        found = shown(on_empty, panel)
        assert found.problem == ""
        assert found.drawn

    each_panel(check)


def test_a_panel_has_something_to_show_on_a_seeded_database(on_full: Asking, each_panel: EachPanel) -> None:
    def check(panel: Panel) -> None:
        found = shown(on_full, panel)
        assert found.problem == ""
        assert found.rows > 0 or panel.path == "concurrency/duplicates-last-hour"
        assert "style=" not in found.drawn, "nothing stands inline"

    each_panel(check)


def test_a_panel_bears_any_range_of_time(on_full: Asking, each: Cases) -> None:
    def check(case: tuple[Panel, str]) -> None:
        panel, since = case
        assert shown(on_full, panel, since=since).problem == ""

    every = list(product(PANELS, ("1h", "24h", "7d", "3650d")))
    each(every, check, lambda case: f"{case[0].path}-{case[1]}")


def test_a_panel_shows_only_the_desks_that_may_be_seen(on_full: Asking, each_panel: EachPanel) -> None:
    """What the rows of one desk show and what those of the other show never has the other's name in it."""

    def check(panel: Panel) -> None:
        for mine, other in (("hotel", "field-service"), ("field-service", "hotel")):
            found = shown(on_full, panel, frozenset({mine}))
            assert found.problem == ""
            assert not re.search(f"{other}|{ADDRESSES[other]}", found.drawn)

    each_panel(check)


def test_a_panel_shows_nothing_of_any_desk_to_who_may_see_none(on_full: Asking, each_panel: EachPanel) -> None:
    def check(panel: Panel) -> None:
        nothing = shown(on_full, panel, frozenset())
        assert nothing.problem == ""
        assert not re.search(r"hotel|field-service|TKT-|Rosa|asdf|1000000000", nothing.drawn)

    each_panel(check)


READ = """
select distinct n.nspname || '.' || c.relname from pg_depend d join pg_rewrite r on r.oid = d.objid
join pg_class c on c.oid = d.refobjid join pg_namespace n on n.oid = c.relnamespace
where d.classid = 'pg_rewrite'::regclass and r.ev_class = 'seen'::regclass
and d.refobjid <> 'seen'::regclass and d.refclassid = 'pg_class'::regclass
"""


def test_a_panel_reads_the_report_and_nothing_else(full: str, each_panel: EachPanel) -> None:
    def check(panel: Panel) -> None:
        text = panel.statement.text
        for name, value in values(panel.asked, {}, datetime.now(UTC)).items():
            text = text.replace(f"%({name})s", psycopg.sql.Literal(value).as_string())
        with psycopg.connect(full) as connection:
            connection.execute(f"create temp view seen as {text.replace('%%', '%')}".encode())
            read = connection.execute(READ.encode()).fetchall()
        assert [name for (name,) in read if not name.startswith("report.")] == []
        assert read

    each_panel(check)

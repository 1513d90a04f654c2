"""Every step of the schema with rows in every table: up, the version before goes on writing, down, and up again."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from alembic import command

from tests.cases import Cases
from tests.migrations import released, rows
from tests.migrations.catalog import catalog
from tests.migrations.rows import Columns, Connection
from tests.migrations.steps import ROOT, config, revisions

VIEWS = "select format('%I.%I', schemaname, viewname) as view from pg_views where schemaname in ('report', 'console')"


class Ring:
    """One database that goes up, step by step, and keeps what was written into it."""

    def __init__(self, url: str):
        self.url, self.number = url, 0
        self.wrong: list[str] = []
        self.known: dict[str, Columns] = {}
        """revision → what a program of then writes."""

    def begin(self) -> None:
        command.upgrade(config(self.url), revisions()[0])

    def step(self, revision: str) -> None:
        """Up with rows, down with rows that the newer schema got, and up again."""
        with rows.connect(self.url) as connection:
            self._sow(connection)
            then, known = catalog(connection), rows.columns(connection)
            kept = rows.contents(connection, known)
        command.upgrade(config(self.url), revision)
        with rows.connect(self.url) as connection:
            self._same(f"{revision} up changed", kept, rows.contents(connection, known))
            now, self.known[revision] = catalog(connection), rows.columns(connection)
            self._sow(connection, known)  # the version before goes on writing
            self._sow(connection)
            self._look(connection)
            kept = rows.contents(connection, known)
        command.downgrade(config(self.url), "-1")
        with rows.connect(self.url) as connection:
            self._same(f"{revision} down changed", kept, rows.contents(connection, known))
            self._same(f"{revision} down leaves another", then, catalog(connection))
            self._look(connection)
        command.upgrade(config(self.url), revision)
        with rows.connect(self.url) as connection:
            self._same(f"{revision} up again changed", kept, rows.contents(connection, known))
            self._same(f"{revision} up again leaves another", now, catalog(connection))

    def _sow(self, connection: Connection, only: Columns | None = None) -> None:
        self.number += 1
        rows.sow(connection, self.number, only)

    def _look(self, connection: Connection) -> None:
        """Every view reads what is there."""
        for view in connection.execute(VIEWS).fetchall():
            connection.execute(f"select * from {view['view']}".encode())

    def _same(self, told: str, one: Mapping[str, object], other: Mapping[str, object]) -> None:
        different = [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]
        self.wrong += [f"{told} {name}:\n  {one.get(name)}\n  {other.get(name)}"[:2000] for name in different]


def test_every_step_keeps_what_is_there_up_and_down_and_the_version_before_goes_on_writing(
    empty_url: str, db_url: str
) -> None:
    ring = Ring(empty_url)
    ring.begin()
    for revision in revisions()[1:]:
        ring.step(revision)
    with rows.connect(empty_url) as stepped, rows.connect(db_url) as fresh:
        ring._sow(stepped, ring.known[released.kept()[0]])
        ring._same("a database that went all the way has another", catalog(fresh), catalog(stepped))
    assert ring.wrong == [], "\n".join(ring.wrong)


def test_every_statement_of_the_last_release_fits_the_schema_of_today(db_url: str, each: Cases) -> None:
    """It is planned, not only read: an `on conflict` finds its index no earlier."""
    _, statements = released.kept()
    with rows.connect(db_url) as connection:

        def check(name: str) -> None:
            connection.execute(f"explain (generic_plan) {released.numbered(statements[name])}".encode())

        each(sorted(statements), check)


def test_no_migration_imports_another() -> None:
    """A change of the other one would change this one, too."""
    sources = {path.name: path.read_text("utf-8") for path in (ROOT / "migrations/versions").glob("*.py")}
    assert [name for name, source in sources.items() if imports_a_migration(source)] == []


def imports_a_migration(source: str) -> bool:
    return (
        re.search(r"import_module|__import__|importlib|^\s*(from|import) +migrations\b|^\s*from +\.", source, re.M)
        is not None
    )


@pytest.mark.parametrize(
    "wrong",
    [
        "from importlib import import_module",
        "import migrations.versions",
        "from . import x",
        "    from migrations import y",
    ],
)
def test_a_migration_that_imports_another_is_seen(wrong: str) -> None:
    assert imports_a_migration(f"import sqlalchemy as sa\n{wrong}\n")

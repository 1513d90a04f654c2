"""A real PostgreSQL for the tests: one embedded server, one migrated template, a database like it for each test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import fasteners
import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg.sql import SQL, Identifier

from core import loading, telemetry
from core.settings import Settings
from core.store import embedded
from core.store.db import Database
from tests import databases
from tests.cases import Cases, counted
from tests.databases import TEMPLATE, in_database
from tests.dealing import pytest_xdist_auto_num_workers, pytest_xdist_make_scheduler

__all__ = ["pytest_xdist_auto_num_workers", "pytest_xdist_make_scheduler"]

ROOT = Path(__file__).parent.parent
SERVER_SETTINGS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
"""A test's database need not outlive the machine, and lives for seconds."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Six thousand tests and all they import stay to the end."""
    with loading.kept():
        return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much was checked: a case is one, whether it is a test or stands beside others in one."""
    tests = [report for some in terminalreporter.stats.values() for report in some if _is_test(report)]
    checks = sum(counted(report.user_properties) for report in tests)
    terminalreporter.write_line(f"{checks} checks in {len(tests)} tests")


def _is_test(report: object) -> bool:
    return isinstance(report, pytest.TestReport) and report.when == "call"


@pytest.fixture(scope="session", autouse=True)
def _log_of_all_tests() -> None:
    """The log writes to where it was first used: not to what one test captures, which is closed when that ends."""
    telemetry.configure(Settings.model_validate({}))
    telemetry.log.bind()


@pytest.fixture
def each(record_property: Callable[[str, object], None]) -> Cases:
    """Try many cases in one test."""
    return Cases(record_property)


@pytest.fixture(scope="session")
def postgres(testrun_uid: str) -> Iterator[str]:
    """The server's URL. Under xdist all workers share one: the first starts it, the last stops it."""
    shared = Path(tempfile.gettempdir()) / f"turno-tests-{testrun_uid[:12]}"
    shared.mkdir(exist_ok=True)
    folder, users = shared / "postgres", shared / "users"
    lock = fasteners.InterProcessLock(shared / "lock")
    with lock:
        users.write_text(str(int(users.read_text() if users.exists() else 0) + 1))
        url = embedded.start(folder)
        _make_template(url)
    yield url
    databases.forget(url)
    with lock:
        left = int(users.read_text()) - 1
        users.write_text(str(left))
        if left == 0:
            embedded.stop(folder)
    if left == 0:
        shutil.rmtree(shared)


def _make_template(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", (TEMPLATE,)).fetchone()
        if found is None:
            for name, value in SERVER_SETTINGS.items():
                connection.execute(f"alter system set {name} = {value}")
            connection.execute("select pg_reload_conf()")
            connection.execute(SQL("create database {}").format(Identifier(TEMPLATE)))
            config = Config(ROOT / "alembic.ini")
            config.set_main_option("sqlalchemy.url", in_database(url, TEMPLATE).replace("%", "%%"))
            command.upgrade(config, "head")


@pytest.fixture
def empty_url(postgres: str) -> Iterator[str]:
    """A database with nothing in it."""
    yield from fresh_database(postgres, "template0")


@pytest.fixture
def db_url(postgres: str) -> Iterator[str]:
    """A migrated database of this test's own."""
    yield from fresh_database(postgres, TEMPLATE)


def fresh_database(url: str, template: str) -> Iterator[str]:
    """A database like the template; nobody has it before or after."""
    yield from databases.lent(url) if template == TEMPLATE else databases.copied(url, template)


@pytest.fixture
def db(db_url: str) -> Iterator[Database]:
    database = Database(db_url, pool=8)
    yield database
    database.close()

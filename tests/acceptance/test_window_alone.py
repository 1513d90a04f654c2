"""`turno window`: staff on an address of their own, without a door."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
import requests

from core.store.db import Database
from tests.acceptance.processes import PATIENCE_S, Started, free_ports, started
from tests.conftest import TEMPLATE, fresh_database
from tests.waiting import until


@pytest.fixture(scope="module")
def served(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Started, str, Database]]:
    folder = tmp_path_factory.mktemp("window")
    [port] = free_ports(1)
    for db_url in fresh_database(postgres, TEMPLATE):
        db = Database(db_url)
        environ = {"DATABASE_URL": db_url, "PORT": str(port), "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics")}
        with started("-m", "bot", "window", environ={**environ, "WINDOW_CONCURRENCY": "2"}) as running:
            url = f"http://127.0.0.1:{port}"
            assert until(lambda: ready(url), PATIENCE_S, told=lambda: running.told)
            yield running, url, db
            assert running.end() == 0
        db.close()


def ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/ready", timeout=PATIENCE_S).status_code == 200
    except requests.RequestException:
        return False


def test_staff_sign_in_there_and_every_process_is_theirs(served: tuple[Started, str, Database]) -> None:
    running, url, db = served
    page = requests.get(f"{url}/admin/", timeout=PATIENCE_S)
    assert page.status_code == 200, page.text
    assert page.url.startswith(f"{url}/admin/sign-in")
    with psycopg.connect(db.url, autocommit=True) as connection:
        kinds = "select kind from report.processes where alive"
        assert until(lambda: connection.execute(kinds).fetchall() == [("window",)] * 2, PATIENCE_S)
    assert "Traceback" not in running.told

"""What is seen from outside: life, readiness, metrics; and that the door's pages give nothing away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from core.bell import Bell
from core.settings import Settings
from core.store.db import Database
from core.version import VERSION
from tests.acceptance.forks import free_port
from tests.production import FIELDS
from webhook import create_app
from webhook.door import Door
from webhook.meta import Meta

KEY = "öpen to who watches, and to nobody else"
PRODUCTION = {**FIELDS, "log_token": KEY}


def client(db: Database, **values: str) -> FlaskClient:
    settings = Settings.model_validate(values)
    return create_app(Meta(Door(db, Bell(db.url)), settings), db, settings).test_client()


@pytest.fixture
def away() -> Database:
    """A database where nobody listens."""
    return Database(f"postgresql://postgres@127.0.0.1:{free_port()}/nowhere")


@pytest.fixture
def never_asked(monkeypatch: pytest.MonkeyPatch, away: Database) -> Database:
    def transaction(_: Database) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(Database, "transaction", transaction)
    return away


def test_life_is_told_without_asking_the_database(never_asked: Database) -> None:
    answer = client(never_asked).get("/health/live")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "live"})


def test_it_is_ready_when_the_database_answers_and_its_schema_is_ours(db: Database) -> None:
    answer = client(db).get("/health/ready")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ready", "version": VERSION})


def test_it_is_not_ready_without_its_database_and_says_why_but_not_where(away: Database) -> None:
    answer = client(away).get("/health/ready")
    assert answer.status_code == 503
    assert answer.get_json() == {"status": "not ready", "why": "the database does not answer"}


def test_it_is_not_ready_before_the_first_migration(empty_url: str) -> None:
    db = Database(empty_url)
    answer = client(db).get("/health/ready")
    db.close()
    assert answer.status_code == 503
    assert answer.get_json()["why"].startswith("the schema is at nothing, and this code wants 0")


def test_it_is_not_ready_on_a_schema_of_another_version(db: Database) -> None:
    with db.transaction() as tx:
        tx._cursor.execute("update alembic_version set version_num = '0000'")
    answer = client(db).get("/health/ready")
    assert answer.status_code == 503
    assert answer.get_json()["why"].startswith("the schema is at 0000, and this code wants ")


def test_metrics_are_open_in_development_and_in_prometheus_format(db: Database) -> None:
    answer = client(db).get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=")
    assert b"# TYPE turno_events_total counter" in answer.data


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        (f"Bearer {KEY}", 200),
        ("Bearer wrong", 403),
        ("Bearer ", 403),
        (KEY, 403),
        (f"Basic {KEY}", 403),
        ("Bearer \udcff", 403),
        ("", 403),
    ],
)
@pytest.mark.parametrize("environment", [{}, PRODUCTION])
def test_with_a_token_metrics_open_to_who_shows_it(
    db: Database, environment: dict[str, str], shown: str, status: int
) -> None:
    visitor = client(db, **{"log_token": KEY, **environment})
    wire = shown.encode("utf-8", "surrogateescape").decode("latin-1")  # as a WSGI server hands headers over
    answer = visitor.get("/metrics", environ_base={"HTTP_AUTHORIZATION": wire})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (lambda visitor: visitor.get("/nowhere"), 404),
        (lambda visitor: visitor.put("/webhook"), 405),
        (lambda visitor: visitor.get("/admin/../etc/passwd"), 404),
    ],
)
def test_what_is_not_there_is_told_in_json(db: Database, ask: Callable[[FlaskClient], object], status: int) -> None:
    answer = ask(client(db))
    assert answer.status_code == status  # type: ignore[attr-defined]
    assert set(answer.get_json()) == {"error"}  # type: ignore[attr-defined]


def test_a_bug_of_ours_is_told_without_its_details(monkeypatch: pytest.MonkeyPatch, db: Database) -> None:
    def transaction(_: Database) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(Database, "transaction", transaction)
    answer = client(db).get("/health/ready")
    assert (answer.status_code, answer.get_json()) == (500, {"error": "Internal Server Error"})


def test_in_production_every_answer_asks_for_tls_from_now_on(db: Database) -> None:
    for path in ("/health/live", "/nowhere", "/webhook", "/chat", "/ticket/TCK-1"):
        assert client(db, **PRODUCTION).get(path).headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "Strict-Transport-Security" not in client(db).get(path).headers


def test_every_answer_forbids_framing_sniffing_and_keeping(db: Database) -> None:
    for path in ("/health/live", "/nowhere", "/webhook"):
        headers = client(db).get(path).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]

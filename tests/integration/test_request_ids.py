"""Request ids: a caller's is validated or replaced, returned, and stands in the log lines of its request."""

from __future__ import annotations

import pytest
from structlog.testing import CapturingLogger

from core import log_lines
from core.bell import Bell
from core.settings import Settings
from core.store.db import Database
from webhook import create_app
from webhook.door import Door
from webhook.meta import Meta

SETTINGS = Settings.model_validate({"whatsapp_app_secret": "s" * 32})
BAD = ["", "x" * 257, "a\tb", "ñandú", "a\x7fb"]


def client(db: Database):  # type: ignore[no-untyped-def]
    return create_app(Meta(Door(db, Bell(db.url)), SETTINGS), db, SETTINGS).test_client()


@pytest.mark.parametrize("header", ["X-Request-ID", "X-Correlation-ID"])
def test_an_id_that_is_printable_and_not_too_long_is_returned_as_it_came(db: Database, header: str) -> None:
    for path, call in (("/webhook", "post"), ("/health/live", "get")):
        answer = getattr(client(db), call)(path, headers={header: "abc-123 " + "x" * 248})
        assert answer.headers[header] == "abc-123 " + "x" * 248


@pytest.mark.parametrize("value", BAD)
def test_any_other_is_replaced_by_one_of_ours(db: Database, value: str) -> None:
    answer = client(db).post("/webhook", environ_overrides={"HTTP_X_REQUEST_ID": value})
    assert answer.headers["X-Request-ID"] != value and len(answer.headers["X-Request-ID"]) == 16


def test_a_request_without_one_gets_one_of_its_own(db: Database) -> None:
    ids = {client(db).get("/health/live").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


def test_the_id_stands_in_lines_about_the_request_and_not_in_those_about_an_event() -> None:
    kept = log_lines.REQUEST_ID.set("abc-123")
    try:
        assert log_lines._of_request(CapturingLogger(), "info", {"event": "door.refused"})["request_id"] == "abc-123"
        about_an_event = {"event": "event.accepted", "correlation_id": "1"}
        assert "request_id" not in log_lines._of_request(CapturingLogger(), "info", about_an_event)
    finally:
        log_lines.REQUEST_ID.reset(kept)

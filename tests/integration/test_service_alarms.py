"""Alertmanager tells what fires, with its key, and staff see it until it is over."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from core.store import alarms
from core.store.db import Database
from tests.integration.crew import SETTINGS, Rooms
from webhook import create_app
from webhook.meta import Meta

KEY = "a key of alarms"
PANEL = "select name, severity, summary from report.alarms where ended_at is null order by name"


def notice(status: str = "firing", **alert: Any) -> dict[str, Any]:
    """As Alertmanager 0.27 posts it."""
    one = {
        "status": status,
        "labels": {"alertname": "TurnoEventsWait", "severity": "page", "where": "inbox"},
        "annotations": {
            "runbook_url": "docs/runbook.md#turnoeventswait",
            "summary": "The oldest event has waited 2m 5s for its turn",
        },
        "startsAt": "2026-12-01T10:00:05.123Z",
        "endsAt": "0001-01-01T00:00:00Z" if status == "firing" else "2026-12-01T10:20:05.123Z",
        "generatorURL": "http://prometheus:9090/graph?g0.expr=max%28turno_oldest_seconds%29",
        "fingerprint": "2f8e3ad9a5f2d8f1",
        **alert,
    }
    return {
        "receiver": "pager",
        "status": status,
        "alerts": [one],
        "groupLabels": {"alertname": "TurnoEventsWait"},
        "commonLabels": one["labels"],
        "commonAnnotations": one["annotations"],
        "externalURL": "http://alertmanager:9093",
        "version": "4",
        "groupKey": '{}/{severity="page"}:{alertname="TurnoEventsWait"}',
        "truncatedAlerts": 0,
    }


@pytest.fixture
def client(db: Database) -> FlaskClient:
    settings = SETTINGS.model_copy(update={"alarms_token": SecretStr(KEY)})
    rooms = Rooms(db)
    return create_app(Meta(rooms.door, settings), db, settings).test_client()


def tell(client: FlaskClient, told: Any, key: str = KEY) -> int:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return client.post("/alarms", data=body, content_type="application/json", headers=headers).status_code


def open_now(db: Database) -> list[tuple[str, ...]]:
    with db.transaction() as tx:
        tx._cursor.execute(PANEL)
        return [tuple(row) for row in tx._cursor.fetchall()]


def test_an_alarm_is_seen_until_it_is_over(client: FlaskClient, db: Database) -> None:
    assert tell(client, notice()) == tell(client, notice()) == 200
    assert open_now(db) == [("TurnoEventsWait", "page", "The oldest event has waited 2m 5s for its turn")]
    assert tell(client, notice("resolved")) == 200
    assert open_now(db) == []


def test_a_late_notice_does_not_bring_back_what_is_over_and_a_new_one_does(client: FlaskClient, db: Database) -> None:
    tell(client, notice())
    tell(client, notice("resolved"))
    tell(client, notice())
    assert open_now(db) == []
    tell(client, notice(startsAt="2026-12-01T11:00:00Z"))
    assert len(open_now(db)) == 1
    tell(client, notice("resolved"))
    assert len(open_now(db)) == 1, "the end of an earlier one does not end it"


@pytest.mark.parametrize("key", ["", "another", f"{KEY} ", "ñ"])
def test_without_its_key_nothing_is_taken(client: FlaskClient, db: Database, key: str) -> None:
    assert tell(client, notice(), key) == 401
    assert open_now(db) == []


@pytest.mark.parametrize(
    "told",
    [
        b"", b"[]", b"{", b'"x"', b'{"alerts": 3}', {"alerts": [3]}, {"alerts": [{}]}, {"alerts": notice()["alerts"] * 101},
        notice(startsAt="yesterday"), notice(startsAt="2026-12-01T10:00:00"), notice(startsAt=None),
        notice(fingerprint=""), notice(fingerprint=7), notice(labels={"alertname": ""}), notice(labels=None),
    ],
)  # fmt: skip
def test_what_is_no_notice_is_refused_whole(client: FlaskClient, db: Database, told: Any) -> None:
    assert tell(client, told) == 400
    assert open_now(db) == []


def test_a_notice_that_is_too_large_is_refused(client: FlaskClient) -> None:
    assert tell(client, {**notice(), "padding": "x" * 70_000}) == 413


def test_what_nobody_told_of_for_long_is_forgotten(client: FlaskClient, db: Database) -> None:
    tell(client, notice())
    with db.transaction() as tx:
        assert alarms.purge(tx, keep_days=7) == 0
        tx._cursor.execute("update alarms set told_at = now() - interval '8 days'")
        assert alarms.purge(tx, keep_days=7) == 1

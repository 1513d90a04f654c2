"""Alertmanager's notices: what they say, and that anything else is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.errors import BadBody
from core.wire.alertmanager import MOST, parse

ALERT = {
    "status": "resolved",
    "labels": {"alertname": "TurnoSaidTwice", "severity": "page"},
    "annotations": {"summary": "2 replies reached a customer twice", "runbook_url": "docs/runbook.md#turnosaidtwice"},
    "startsAt": "2026-12-01T10:00:05.123456789Z",
    "endsAt": "2026-12-01T10:05:05.1Z",
    "fingerprint": "2f8e3ad9a5f2d8f1",
}


def body(*alerts: Any) -> bytes:
    return json.dumps({"version": "4", "alerts": alerts}).encode()


def test_an_alert_that_ended_says_when() -> None:
    (alarm,) = parse(body(ALERT))
    assert (alarm.name, alarm.severity, alarm.fingerprint) == ("TurnoSaidTwice", "page", "2f8e3ad9a5f2d8f1")
    assert alarm.started_at == datetime(2026, 12, 1, 10, 0, 5, 123456, UTC)
    assert alarm.ended_at == datetime(2026, 12, 1, 10, 5, 5, 100000, UTC)


def test_one_that_fires_has_no_end_whatever_is_told() -> None:
    (alarm,) = parse(body({**ALERT, "status": "firing", "endsAt": "0001-01-01T00:00:00Z"}))
    assert alarm.ended_at is None


def test_long_words_are_cut_and_unknown_ones_left_out() -> None:
    labels = {"alertname": "A" * 1000, "severity": 7}
    (alarm,) = parse(body({**ALERT, "labels": labels, "annotations": None}))
    assert (len(alarm.name), alarm.severity, alarm.summary) == (300, "", "")


@pytest.mark.parametrize(
    "told",
    [
        b"", b"[]", b"{", b'"x"', b'{"alerts": 3}', body(3), body({}), body(*[ALERT] * (MOST + 1)),
        body({**ALERT, "startsAt": "yesterday"}), body({**ALERT, "startsAt": "2026-12-01T10:00:00"}),
        body({**ALERT, "startsAt": None}), body({**ALERT, "fingerprint": ""}), body({**ALERT, "fingerprint": 7}),
        body({**ALERT, "labels": {"alertname": ""}}), body({**ALERT, "labels": None}),
    ],
)  # fmt: skip
def test_what_is_no_notice_is_refused(told: bytes) -> None:
    with pytest.raises(BadBody):
        parse(told)

"""Alertmanager's webhook, version 4: bytes in, alarms out. https://prometheus.io/docs/alerting/latest/configuration/#webhook_config"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.alarm import Alarm
from core.errors import BadBody
from core.wire import untrusted
from core.wire.untrusted import clean

MOST = 100
LONGEST = 300


def parse(body: bytes) -> list[Alarm]:
    """The alarms of one notice. Raises BadBody."""
    alerts = untrusted.load(body).get("alerts")
    if not isinstance(alerts, list) or len(alerts) > MOST:
        raise BadBody("no list of alerts, or too long")
    return [_alarm(alert) for alert in alerts]


def _alarm(alert: Any) -> Alarm:
    if not isinstance(alert, Mapping):
        raise BadBody("an alert is no object")
    labels, notes = _words(alert.get("labels")), _words(alert.get("annotations"))
    fingerprint, name = alert.get("fingerprint"), labels.get("alertname")
    if not isinstance(fingerprint, str) or not fingerprint or not name:
        raise BadBody("an alert has no name or no fingerprint")
    return Alarm(
        fingerprint=clean(fingerprint)[:LONGEST],
        name=name,
        severity=labels.get("severity", ""),
        summary=notes.get("summary", ""),
        runbook=notes.get("runbook_url", ""),
        started_at=_moment(alert.get("startsAt")),
        ended_at=_moment(alert.get("endsAt")) if alert.get("status") == "resolved" else None,
    )


def _words(found: Any) -> dict[str, str]:
    if not isinstance(found, Mapping):
        return {}
    return {str(name): clean(value)[:LONGEST] for name, value in found.items() if isinstance(value, str)}


def _moment(text: Any) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise BadBody("a time of an alert is none") from None
    if found.tzinfo is None:
        raise BadBody("a time of an alert has no zone")
    return found

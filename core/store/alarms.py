"""Alarms of the service, as Alertmanager tells them."""

from __future__ import annotations

from collections.abc import Sequence

from core.alarm import Alarm
from core.store.db import Tx


def put(tx: Tx, alarms: Sequence[Alarm]) -> int:
    """These alarms stand so now; the last of each counts. How many changed."""
    last = list({alarm.fingerprint: alarm for alarm in alarms}.values())
    return tx.run(
        "alarms.tell",
        fingerprint=[alarm.fingerprint for alarm in last],
        name=[alarm.name for alarm in last],
        severity=[alarm.severity for alarm in last],
        summary=[alarm.summary for alarm in last],
        runbook=[alarm.runbook for alarm in last],
        started_at=[alarm.started_at for alarm in last],
        ended_at=[alarm.ended_at for alarm in last],
    )


def purge(tx: Tx, *, keep_days: float) -> int:
    return tx.run("alarms.purge", keep_days=keep_days)

"""An alarm of the service: an alert that fires, or has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """`fingerprint` tells one from another; `ended_at` is empty while it fires."""

    fingerprint: str
    name: str
    severity: str
    summary: str
    runbook: str
    started_at: datetime
    ended_at: datetime | None

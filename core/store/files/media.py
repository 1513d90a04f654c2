"""Media jobs: photos and voice notes to examine, leased by workers, with their results."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from core.messages import correlation_id
from core.store.db import Tx
from core.store.files import rows


@dataclass(frozen=True, slots=True)
class MediaJob:
    """One photo or voice note, leased to us. `attempts` counts this try too; `age_s` is how long it was wanted."""

    id: int
    conversation_id: int
    event_id: int
    kind: str
    media_id: str
    purpose: str
    attempts: int
    received_at: datetime
    external_id: str
    age_s: float
    language: str
    """The language that its customer reads."""
    menu: str
    """The menu of its desk, whose purposes these are."""

    @property
    def correlation_id(self) -> str:
        return correlation_id(self.external_id)


def claim(tx: Tx, *, token: int, size: int, lease_s: float) -> list[MediaJob]:
    found = tx.rows(rows.CLAIMED, token=token, size=size, lease_s=lease_s)
    return sorted((MediaJob(**row._asdict()) for row in found), key=lambda job: job.id)


def renew(tx: Tx, job_ids: Collection[int], *, token: int, lease_s: float) -> None:
    """Keep the leases of these."""
    if job_ids:
        tx.run("media.renew", id=list(job_ids), token=token, lease_s=lease_s)


def put_off(tx: Tx, job_id: int, *, token: int, wait_s: float, error: str) -> None:
    """Try it again later."""
    tx.run("media.put_off", id=job_id, token=token, wait_s=wait_s, error=error)


def finish(tx: Tx, job_id: int, *, token: int, error: str | None) -> bool:
    """Done with, or given up with an error; False when the lease was lost, and nothing may be said about it."""
    return tx.run("media.finish", id=job_id, token=token, error=error) == 1


def purge(tx: Tx, *, keep_days: int, size: int = 1000) -> int:
    return tx.run("media.purge", keep_days=keep_days, size=size)

"""Retention worker: deletes expired rows in small batches, with pauses for others between them.

It has a thread of its own, so that timers ring on time while a year is swept away.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from core import erasing
from core.bell import Ear
from core.settings import Settings
from core.store.db import Database
from core.store.people import retention
from core.telemetry import log

EVERY_S = 60.0
REST_S = 0.05
AT_ONCE = 500
TELL_EVERY = 20_000


class Retention:
    name = "retention"

    def __init__(self, db: Database, ear: Ear, settings: Settings):
        self._db, self._ear, self._settings = db, ear, settings
        self._removed: Counter[str] = Counter()

    def run_once(self) -> int:
        """One small batch of everything there is a batch of. How many rows."""
        before = self._removed.total()
        for kind in retention.KINDS:
            with self._db.transaction() as tx:
                self._removed[kind] += retention.remove(tx, kind, self._settings, size=AT_ONCE)
        for gone in erasing.finish(self._db):
            self._removed["erased"] += gone.rows
        self._removed["synthetic"] += erasing.forget_lost_synthetic(self._db, datetime.now(UTC))
        done = self._removed.total() - before
        self._report(done)
        return done

    def wait(self) -> None:
        self._ear.pause(EVERY_S)

    def wake(self) -> None:
        """Do nothing: no wait of this worker can be cut short, and the end of its ear ends the pause."""

    def drain(self) -> None:
        """Do nothing: no work is ever half done."""

    def _report(self, done: int) -> None:
        """How far it is: at the end of a sweep, and now and then during a long one."""
        if done:
            self._ear.pause(REST_S)
        if self._removed.total() >= TELL_EVERY or (self._removed.total() and not done):
            log.info("retention.swept", going_on=bool(done), **{kind: n for kind, n in self._removed.items() if n})
            self._removed.clear()

"""Cache of the feature switches for every worker of a process, without a query for each event."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from time import monotonic

from core import bell
from core.bell import Ear
from core.errors import TurnoError
from core.store.db import Database
from core.store.staff import switches
from core.telemetry import log


class Switchboard:
    """Read again when the bell rings, or when it is older than `every_s`: a switch that ends by itself rings nobody."""

    def __init__(self, db: Database, ear: Ear, *, every_s: float):
        self._db, self._ear, self._every_s = db, ear, every_s
        self._lock = threading.Lock()
        self._off: Mapping[str, str] = {}
        self._read_at = -every_s

    def off(self) -> Mapping[str, str]:
        """The switches that are off, by name, with reasons. While the database is away, the last known ones."""
        with self._lock:
            if self._ear.wait(bell.SWITCHES, 0) or monotonic() - self._read_at > self._every_s:
                self._read()
            return self._off

    def ai_on(self) -> bool:
        """Whether the AI may be asked just now."""
        return switches.name("ai") not in self.off()

    def _read(self) -> None:
        self._read_at = monotonic()
        try:
            with self._db.transaction() as tx:
                self._off = switches.off(tx)
        except TurnoError as error:
            log.warning("switches.not_read", error=str(error))

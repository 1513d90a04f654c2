"""The counter: one booking at a time at a house that gives one room to several who ask at once.

It is a hold like any other, taken for as long as a booking may last; so it is one over all processes and machines, and
one whose process died is free again by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event
from time import monotonic

from core.errors import Unreachable
from core.store.db import Database
from core.store.promises import holds
from core.store.promises.holds import Period, Wanted

RESOURCE, UNIT = "counter", "1"
ALWAYS = Period(datetime(2000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC))
LOOK_EVERY_S = 0.05


class Counter:
    def __init__(self, db: Database, desk_id: str):
        self._db, self._desk_id, self._pause = db, desk_id, Event()

    @contextmanager
    def turn(self, key: str, *, wait_s: float, for_s: float) -> Iterator[None]:
        """Stand at the counter. Raises Unreachable when it was not free in time: nothing has happened."""
        until, own = monotonic() + wait_s, f"counter:{key}"
        while not self._take(own, for_s):
            if monotonic() >= until:
                raise Unreachable("others are being booked")
            self._pause.wait(LOOK_EVERY_S)
        try:
            yield
        finally:
            with self._db.transaction() as tx:
                holds.release(tx, self._desk_id, own)

    def _take(self, own: str, for_s: float) -> bool:
        with self._db.transaction() as tx:
            if holds.taken(tx, self._desk_id, ALWAYS, resource=RESOURCE, but=own):
                return False
            return bool(holds.take(tx, Wanted(self._desk_id, RESOURCE, (UNIT,), ALWAYS, own), for_s=for_s))

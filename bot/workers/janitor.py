"""The janitor: what must happen because time passes. Any number of janitors may run; each row is done once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from core import bell, telemetry
from core.bell import Bell, Ear
from core.settings import Settings
from core.store import alarms, desks, heartbeats, operations, postgres
from core.store.chat import limits, web
from core.store.db import Database, Tx
from core.store.path import deliveries, inbox, outbox, timers
from core.store.promises import holds, quotes
from core.store.staff import audit_seal
from core.telemetry import log

FIGURES_EVERY_S = 10.0
DATABASE_EVERY_S = 60.0
PURGE_EVERY_S = 60.0
LAPSE_EVERY_S = 5.0
LAPSED_AT_ONCE = 500
SEAL_EVERY_S = 3600.0
ALARMS_DAYS = 7.0
"""Alertmanager repeats what still fires at least once a day."""


@dataclass(slots=True)
class Chore:
    """Something done every so often."""

    do: Callable[[Tx], int]
    every_s: float
    due_at: float = 0.0


class Janitor:
    name = "janitor"

    def __init__(self, db: Database, bell: Bell, ear: Ear, settings: Settings):
        self._db, self._bell, self._ear, self._settings = db, bell, ear, settings
        self._chores = [
            Chore(self._fire, settings.timers_every_s),
            Chore(self._rescue, settings.rescue_every_s),
            Chore(self._settle, settings.rescue_every_s),
            Chore(self._parked, settings.rescue_every_s),
            Chore(self._figures, FIGURES_EVERY_S),
            Chore(self._database, DATABASE_EVERY_S),
            Chore(self._lapse, LAPSE_EVERY_S),
            Chore(self._purge, PURGE_EVERY_S),
            Chore(self._seal, SEAL_EVERY_S),
        ]
        self._listening = False

    def run_once(self) -> int:
        """Do every chore that is due, each in a transaction of its own."""
        done = 0
        listening, self._listening = self._listening, False
        if not listening:
            self._give_time()
        for chore in self._chores:
            if chore.due_at <= monotonic():
                with self._db.transaction() as tx:
                    done += chore.do(tx)
                chore.due_at = monotonic() + chore.every_s
        self._listening = True
        return done

    def wait(self) -> None:
        self._ear.pause(max(0.0, min(chore.due_at for chore in self._chores) - monotonic()))

    def wake(self) -> None:
        self._ear.wake()

    def drain(self) -> None:
        """Do nothing: no work is ever half done."""

    def _give_time(self) -> None:
        """At the start, and when the database was away: silence meanwhile does not mean that nothing was accepted."""
        with self._db.transaction() as tx:
            outbox.give_time(tx, settle_s=self._settings.unknown_settle_s)

    def _fire(self, tx: Tx) -> int:
        fired = timers.fire(tx)
        if fired:
            self._bell.ring(bell.INBOX)
        return fired

    def _rescue(self, tx: Tx) -> int:
        """A sender that lives marks its sends within the call's time limit; after twice that, it does not live."""
        rescued = outbox.rescue(tx, lease_s=2 * self._settings.send_timeout_s, settle_s=self._settings.unknown_settle_s)
        for row in rescued:
            log.warning("send.unknown", correlation_id=row.correlation_id, outbound=row.id)
            telemetry.sent("unknown", None)
        return len(rescued)

    def _settle(self, tx: Tx) -> int:
        settled = outbox.settle(tx)
        for row in settled:
            log.warning("send.settled", correlation_id=row.correlation_id, outbound=row.id, state=row.state)
            telemetry.settled("again" if row.state == "waiting" else "for_staff")
        if settled:
            self._bell.ring(bell.OUTBOX)
        return len(settled)

    def _parked(self, tx: Tx) -> int:
        return deliveries.apply_parked(tx)

    def _figures(self, tx: Tx) -> int:
        telemetry.waiting(inbox.figures(tx), outbox.figures(tx))
        return 0

    def _database(self, tx: Tx) -> int:
        telemetry.postgres(postgres.figures(tx))
        telemetry.said_twice(postgres.said_twice(tx))
        telemetry.operations(operations.standing(tx))
        telemetry.numbers_paused(desks.paused(tx))
        return 0

    def _lapse(self, tx: Tx) -> int:
        """Holds whose time is over keep nobody out anyway: this marks and counts them."""
        lapsed = holds.lapse(tx, size=LAPSED_AT_ONCE)
        telemetry.hold("expired", lapsed)
        return lapsed

    def _seal(self, tx: Tx) -> int:
        return audit_seal.seal(tx, self._settings.staff_secret.get_secret_value())

    def _purge(self, tx: Tx) -> int:
        gone = heartbeats.purge(tx, keep_days=self._settings.inbox_keep_days)
        gone += operations.purge(tx, keep_days=self._settings.inbox_keep_days)
        gone += holds.purge(tx, keep_days=self._settings.promises_keep_days)
        gone += quotes.purge(tx, keep_days=self._settings.promises_keep_days)
        gone += alarms.purge(tx, keep_days=ALARMS_DAYS)
        return gone + web.purge(tx, keep_s=self._settings.webchat_session_s) + limits.purge(tx)

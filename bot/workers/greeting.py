"""Greeting before the first line: a dry step over a fresh session, which is shown and written nowhere.

With the first line the same event comes to the inbox and is stepped for good.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime

from bot import desks
from bot.desks import DESKS
from bot.engine import step as engine
from bot.nlu.reader import Reader
from bot.workers import dry_run
from bot.workers.slow_facts import Reckoned
from bot.workers.stepping import Ready, step_all
from core.dry_run import Trial
from core.errors import Broken
from core.messages import Event
from core.reading import Reading
from core.session import Session
from core.settings import Settings
from core.store.db import Database, Tx
from core.store.path import sessions
from core.store.path.sessions import Lease
from core.store.staff import switches


class Greeter:
    def __init__(self, db: Database, settings: Settings):
        self._db, self._settings = db, settings
        self._reader = Reader(settings.model_copy(update={"smart_mode": False}), DESKS)

    def greet(self, event: Event, now: datetime) -> Trial | None:
        """Dry-run this event in a conversation that is not there yet. None when no desk answers there."""
        with self._db.transaction() as tx:
            session = sessions.fresh(tx, event.channel_kind, event.address)
            if session is None or not desks.serves(session.desk):
                return None
            return self._stepped(tx, session, event, now)

    def _stepped(self, tx: Tx, session: Session, event: Event, now: datetime) -> Trial:
        reading = self._reader.read(event, engine.expects(session, event), session)
        if not isinstance(reading, Reading):
            raise Broken("a greeting asks the AI")
        ready = Ready(Lease(session, event, 1), reading.under(switches.off(tx)))
        done = step_all(lambda: nullcontext(tx), [ready], now, self._settings, Reckoned())
        for _, error in done.failed:
            raise error
        return dry_run.trial_of(done.turns[0])

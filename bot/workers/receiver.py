"""The receiver: for a channel that nobody posts to our door, it fetches what customers said.

Fetched events are dropped after the commit. If this process dies between the two, it is fetched once more, and
deduplicated by its external id.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

import psycopg

from bot.channels.channel import Channel, Intake
from core import bell, telemetry
from core.bell import Bell
from core.messages import Delivery, Event
from core.resolver import Resolver
from core.settings import Settings
from core.store.db import Database
from core.store.path import deliveries, inbox
from core.telemetry import log


class Receiver:
    """Fetches the events of one channel."""

    def __init__(self, db: Database, ringer: Bell, channel: Channel, intake: Intake, settings: Settings):
        self.name = f"receiver {channel.kind}"
        self._db, self._ringer, self._intake, self._poll_s = db, ringer, intake, channel.poll_s(settings)
        self._resolver = Resolver(db, settings)
        self._woken = threading.Event()

    def run_once(self) -> int:
        """Fetch what is new, accept it in one commit, and only then drop it there. How much it was."""
        news = self._intake.fetch()
        if not news.events and not news.deliveries:
            return 0
        try:
            self._accept(news.events, news.deliveries)
        except psycopg.DataError as error:  # one of them cannot be stored; it must not take the others with it
            log.warning("receiver.split", events=len(news.events), error=type(error).__name__)
            self._accept_apart(news.events, news.deliveries)
        self._intake.drop(news)
        return len(news.events) + len(news.deliveries)

    def wait(self) -> None:
        self._woken.wait(self._poll_s)
        self._woken.clear()

    def wake(self) -> None:
        self._woken.set()

    def drain(self) -> None:
        self._intake.close()

    def _accept(self, events: Sequence[Event], statuses: Sequence[Delivery] = ()) -> None:
        events = self._resolver.place(events)
        with self._db.transaction() as tx:
            accepted = inbox.accept(tx, events)
            moved = deliveries.apply(tx, statuses)
        if any(each.fresh for each in accepted):
            self._ringer.ring(bell.INBOX)
        if moved:
            self._ringer.ring(bell.OUTBOX)
        telemetry.accepted(accepted, moved=len(moved), statuses=len(statuses))
        telemetry.moved_on(moved)

    def _accept_apart(self, events: Sequence[Event], statuses: Sequence[Delivery]) -> None:
        """Every event by itself, in the same order; one that cannot be stored leaves a mark that it came."""
        for event in events:
            try:
                self._accept([event])
            except psycopg.DataError as error:
                log.error("receiver.cannot_store", correlation_id=event.correlation_id, error=type(error).__name__)
                self._accept([replace(inbox.mark_of(event, type(error).__name__), raw="null")])
        self._accept((), statuses)

"""What the door does with news: one short commit for everybody who stands there at the same moment."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg

from core import bell, telemetry
from core.bell import Bell
from core.gather import Gathering
from core.messages import News
from core.store import deliveries, inbox
from core.store.db import Database, Row
from core.store.inbox import Accepted
from core.telemetry import log


class Door:
    """Accepts news. When `accept` returns, it is committed; when it raises, nothing of it was."""

    def __init__(self, db: Database, bell: Bell, *, most: int = 500):
        self._db = db
        self._bell = bell
        self._gathering: Gathering[News] = Gathering(self._accept_together, most=most)

    def accept(self, news: News) -> None:
        self._gathering.join(news)

    def _accept_together(self, group: Sequence[News]) -> None:
        try:
            self._commit(group)
        except psycopg.DataError as error:  # one of them cannot be stored; it must not take the others with it
            if len(group) == 1:
                raise
            log.warning("door.split", group=len(group), error=type(error).__name__)
            self._accept_apart(group)

    def _accept_apart(self, group: Sequence[News]) -> None:
        failures = 0
        for news in group:
            try:
                self._commit([news])
            except psycopg.DataError as error:
                failures += 1
                log.error("door.cannot_store", error=type(error).__name__)
        if failures:
            raise psycopg.DataError(f"{failures} of {len(group)} could not be stored")

    def _commit(self, group: Sequence[News]) -> None:
        events = [event for news in group for event in news.events]
        told = [delivery for news in group for delivery in news.deliveries]
        with self._db.transaction() as tx:
            accepted = inbox.accept(tx, events)
            moved = deliveries.apply(tx, told)
        self._tell(accepted, moved, told=len(told))

    def _tell(self, accepted: Sequence[Accepted], moved: Sequence[Row], *, told: int) -> None:
        if any(a.fresh for a in accepted):
            self._bell.ring(bell.INBOX)
        if moved:
            self._bell.ring(bell.OUTBOX)  # a settled send lets the next one go
        telemetry.accepted(accepted, moved=len(moved), told=told)
        telemetry.moved_on(moved)

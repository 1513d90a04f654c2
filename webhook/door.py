"""Group commit at the door: one short transaction accepts all events that arrive at the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import psycopg

from core import bell, telemetry
from core.bell import Bell
from core.group import GroupCommit
from core.messages import Delivery, Event, News
from core.resolver import Resolver
from core.store.db import Database
from core.store.path import deliveries, inbox
from core.store.path.inbox import Accepted
from core.store.path.rows import Moved
from core.synthetic import is_synthetic
from core.telemetry import log
from webhook.known_senders import KnownSenders


class Door:
    """Accepts news. When `accept` returns, it is committed; when it raises, nothing of it was.

    `resolver` finds the desk of each event; without one, each channel's own answers.
    """

    def __init__(self, db: Database, bell: Bell, *, resolver: Resolver | None = None, most: int = 500):
        self._db = db
        self._bell = bell
        self._resolver = resolver
        self._known_senders = KnownSenders()
        self._group_commit: GroupCommit[News] = GroupCommit(self._accept_together, most=most)

    def accept(self, news: News) -> None:
        self._group_commit.join(news)

    def ring(self) -> None:
        """Something lies in the inbox that did not come through here."""
        self._bell.ring(bell.INBOX)

    def _accept_together(self, group: Sequence[News]) -> None:
        try:
            self._commit(group)
        except psycopg.DataError as error:  # one of them cannot be stored; it must not take the others with it
            log.warning("door.split", group=len(group), error=type(error).__name__)
            self._accept_apart(group)

    def _accept_apart(self, group: Sequence[News]) -> None:
        """Every item by itself, in the same order; one that cannot be stored leaves at least a mark that it came."""
        for news in group:
            for event in news.events:
                self._accept_alone(event)
            for delivery in news.deliveries:
                self._commit([News((), (delivery,))])

    def _accept_alone(self, event: Event) -> None:
        try:
            self._commit([News((event,))])
        except psycopg.DataError as error:
            log.error("door.cannot_store", correlation_id=event.correlation_id, error=type(error).__name__)
            mark = inbox.mark_of(event, type(error).__name__)
            try:
                self._commit([News((mark,))])
            except psycopg.DataError:
                self._commit([News((replace(mark, raw="null"),))])

    def _commit(self, group: Sequence[News]) -> None:
        events: Sequence[Event] = [event for news in group for event in news.events]
        events = self._resolver.place(events) if self._resolver else events
        statuses = [delivery for news in group for delivery in news.deliveries]
        accepted, moved = self._written(events, statuses)
        self._ring(accepted, moved)
        telemetry.accepted(_of_customers(accepted, events), moved=len(moved), statuses=len(statuses))
        telemetry.moved_on(moved)
        telemetry.signed_for(address for news in group for address in news.addresses)

    def _written(self, events: Sequence[Event], statuses: Sequence[Delivery]) -> tuple[list[Accepted], list[Moved]]:
        """Once more for somebody who is erased at this very moment: to whoever writes then, a stranger."""
        try:
            return self._write(events, statuses)
        except psycopg.errors.ForeignKeyViolation:
            return self._write(events, statuses)

    def _write(self, events: Sequence[Event], statuses: Sequence[Delivery]) -> tuple[list[Accepted], list[Moved]]:
        """Events of people we know need one statement; anything else is a transaction."""
        strangers = self._known_senders.strangers(events)
        if events and not strangers and not statuses:
            if accepted := inbox.accept_known(self._db, events):
                return accepted, []
            strangers = list(events)  # somebody whom we knew is gone
        with self._db.transaction() as tx:
            accepted = inbox.accept(tx, events, strangers=strangers)
            moved = deliveries.apply(tx, statuses)
        self._known_senders.met(strangers)
        return accepted, moved

    def _ring(self, accepted: Sequence[Accepted], moved: Sequence[Moved]) -> None:
        if any(a.fresh for a in accepted):
            self._bell.ring(bell.INBOX)
        if moved:
            self._bell.ring(bell.OUTBOX)  # a settled send lets the next one go


def _of_customers(accepted: Sequence[Accepted], events: Sequence[Event]) -> Sequence[Accepted]:
    """Without what a synthetic customer said, which counts nowhere."""
    left_out = {event.external_id for event in events if is_synthetic(event.address)}
    return [each for each in accepted if each.external_id not in left_out] if left_out else accepted

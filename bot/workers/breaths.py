"""Breaths: a customer who may go on writing is left alone for a moment, so that several lines get one answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import channels
from bot.engine import bursts
from core.clock import Clock
from core.settings import Settings
from core.store.db import Database
from core.store.path import sessions
from core.store.path.sessions import Breath, Lease

MOST_BREATHS = 5
"""So many breaths after its first line a burst is answered, whoever goes on writing."""
TICK_S = 0.005


class Breaths:
    """Conversations that are left alone for a breath: until when, and since which event."""

    def __init__(self, db: Database, clock: Clock, settings: Settings, *, token: int):
        self._db, self._clock, self._settings, self._token = db, clock, settings, token
        self._taken: dict[int, tuple[datetime, int]] = {}

    def unseen(self, claims: Sequence[Lease]) -> list[Lease]:
        """The leases with an event after which no breath was taken."""
        before = {i: event_id for i, (_, event_id) in self._taken.items()}
        return [each for each in claims if each.newest and before.get(each.session.conversation_id) != each.newest.id]

    def let_go(self, decided: Sequence[Lease]) -> list[Lease]:
        """Let go of conversations whose customers may go on writing. The others, which are answered now."""
        now = self._clock.now()
        waits = [(lease, self._wait_s(lease, now)) for lease in decided]
        breaths = [_breath(lease, wait_s) for lease, wait_s in waits if wait_s > 0]
        if breaths:
            with self._db.transaction() as tx:
                sessions.breathe(tx, breaths, token=self._token)
        for lease in decided:
            self._taken.pop(lease.session.conversation_id, None)
        until = [now + timedelta(seconds=breath.wait_s) for breath in breaths]
        self._taken |= {b.conversation_id: (at, b.event_id) for b, at in zip(breaths, until, strict=True)}
        return [lease for lease, wait_s in waits if wait_s <= 0]

    def next_s(self) -> float:
        """How long until the first breath is over."""
        now = self._clock.now()
        ahead = [wait_s for at, _ in self._taken.values() if (wait_s := (at - now).total_seconds()) > -TICK_S]
        return max(0.0, min(ahead)) + TICK_S if ahead else self._settings.poll_s

    def _wait_s(self, lease: Lease, now: datetime) -> float:
        """How long to wait for another line: the customer wrote a moment ago, and has not answered what was asked. Once
        after each line: a host whose clock is slow would wait until its clock has caught up."""
        if self._breathed(lease):
            return 0.0
        breath_s = longest_s(lease.turns[-1].event.channel_kind, self._settings)
        first, last = lease.turns[0].event.received_at, lease.turns[-1].event.received_at
        if not breath_s or first is None or last is None or not _may_go_on(lease):
            return 0.0
        until = min(last + timedelta(seconds=breath_s), first + timedelta(seconds=MOST_BREATHS * breath_s))
        return min((until - now).total_seconds(), breath_s)

    def _breathed(self, lease: Lease) -> bool:
        taken = self._taken.get(lease.session.conversation_id)
        return taken is not None and taken[1] == lease.turns[-1].event.id


def longest_s(channel_kind: str, settings: Settings) -> float:
    """The longest wait for another line on this channel; 0: none."""
    return min(settings.breath_s, channels.of(channel_kind).longest_breath_s)


def _breath(lease: Lease, wait_s: float) -> Breath:
    return Breath(lease.session.conversation_id, wait_s, lease.turns[-1].event.id)


def _may_go_on(lease: Lease) -> bool:
    """Whether another line of its customer may be answered together with these."""
    waits = lease.alone or lease.pressed_on or lease.event is not None
    return not waits and not bursts.finished(lease.turns)

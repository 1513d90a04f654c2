"""Presence of a desk's people in the web chat: their hours by its settings, and how soon they answer by the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import desks
from bot.script.hours import open_from
from core.clock import Clock, SystemClock
from core.presence import Presence
from core.session import Desk
from core.store.chat import web
from core.store.db import Database
from core.store.path import sessions
from core.ttl_cache import TtlCache

MOST_DESKS, KEEP_S = 1000, 60.0
"""A head that is a minute old is true enough."""


class Presences:
    def __init__(self, db: Database, clock: Clock | None = None):
        self._db, self._clock = db, clock or SystemClock()
        self._known: TtlCache[str, Presence] = TtlCache(MOST_DESKS, KEEP_S)

    def of(self, address: str) -> Presence:
        """Of the desk at this address of the chat; without a desk, nothing is known."""
        known = self._known.get(address) or self._found(address)
        self._known.put(address, known)
        return known

    def _found(self, address: str) -> Presence:
        with self._db.transaction() as tx:
            session = sessions.fresh(tx, "web", address)
            if session is None or not desks.serves(session.desk):
                return Presence()
            return presence_of(session.desk, self._clock.now(), web.first_answer_s(tx, session.desk.id))


def presence_of(desk: Desk, now: datetime, answers_s: float | None) -> Presence:
    own = desks.settings_of(desk)
    minutes = None if answers_s is None else max(1, round(answers_s / 60))
    known = Presence(timezone=desk.timezone, wait_minutes=minutes, calls_within_h=own.calls_within_h)
    if not own.opens or not own.closes:
        return known
    local = now.astimezone(ZoneInfo(desk.timezone))
    begins = open_from(local, own.opens, own.closes, own.open_days)
    opens_at = None if begins == local else begins
    return replace(known, opens=own.opens, closes=own.closes, days=own.open_days, opens_at=opens_at)

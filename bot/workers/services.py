"""The services at work in this process: those every desk has, and those of each business, made when first needed."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any

from bot import desks
from bot.errands.outside import OutsideService
from bot.errands.running import Running
from bot.errands.service import Means, Service, ServiceOf
from core.breaker import Breaker, Observer
from core.errors import Broken, Retryable, Undecided
from core.session import Desk
from core.settings import Settings
from core.store.db import Database
from core.telemetry import log

Made = tuple[ServiceOf, Mapping[str, Any], Running]
NO_SERVICE = ServiceOf(lambda means: None)


class Services:
    """`for_all` are the services that every desk has, by name."""

    def __init__(
        self, db: Database, settings: Settings, for_all: Mapping[str, Running], on_change: Observer | None = None
    ):
        self._db, self._settings, self._on_change = db, settings, on_change
        self.for_all = for_all
        self._made: dict[tuple[str, str], Made] = {}
        self._breakers: dict[tuple[str, str], Breaker] = {}
        self._lock = Lock()

    def find(self, desk: Desk, name: str) -> Running | None:
        """The service of this name for a business; None while no desk that is loaded serves it, and its errands wait."""
        if name in self.for_all:
            return self.for_all[name]
        if not desks.serves(desk):
            return None
        of = desks.serving(desk).services.get(name, NO_SERVICE)
        with self._lock:
            made = self._made.get((desk.id, name))
            if made is None or made[0] is not of or made[1] != desk.settings:
                made = self._made[desk.id, name] = (of, desk.settings, self._run(desk, name, of))
            return made[2]

    def _run(self, desk: Desk, name: str, of: ServiceOf) -> Running:
        return OutsideService(of, self._make(desk, name, of), self._breaker(desk.id, of.behind or name))

    def _breaker(self, desk_id: str, behind: str) -> Breaker:
        """The circuit breaker of an outside: one for all services of a business that ask the same."""
        s = self._settings
        if (desk_id, behind) not in self._breakers:
            self._breakers[desk_id, behind] = Breaker(
                f"service:{desk_id}:{behind}",
                s.breaker_failures,
                s.breaker_window_s,
                s.breaker_open_s,
                s.breaker_successes,
                counts=(Retryable, Undecided, Broken),
                on_change=self._on_change,
            )
        return self._breakers[desk_id, behind]

    def _make(self, desk: Desk, name: str, of: ServiceOf) -> Service | None:
        """None, too, where making it fails: its errands fail, and those of others go on."""
        try:
            return of.make(Means(desk, desks.settings_of(desk), self._settings, self._db))
        except Exception as error:
            log.error("service.not_made", desk=desk.id, service=name, error=type(error).__name__, exc_info=True)
            return None

"""Asks services outside for facts: each in threads of its own, with a time limit, a circuit breaker, and a cache.

What a service does not tell in time, an older answer tells, if it is not too old; else the fact is reckoned.
So asking never raises, and never takes longer than its limit, however the service hangs.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import BoundedSemaphore, Lock, Thread
from time import monotonic
from typing import Any, Protocol

from bot.desks.desk import Desk
from bot.script.facts import Slow
from core import telemetry
from core.breaker import Breaker, Observer
from core.errors import Broken, TimedOut, TurnoError, Unreachable
from core.settings import Settings
from core.telemetry import log
from core.ttl_cache import TtlCache

MOST_KEPT = 10_000


class Outside(Protocol):
    def ask(self, desk: Desk, kind: str, key: str) -> Future[Any]:
        """The slow fact of this kind; settled at once, or within its limit. It never raises."""
        ...


class Reckoned:
    """Asks nobody: every fact is reckoned."""

    def ask(self, desk: Desk, kind: str, key: str) -> Future[Any]:
        return _settled(_slow(desk, kind).otherwise(key))


class SlowFacts:
    """The services of every desk, made when they are first asked; share one in a process."""

    def __init__(
        self, settings: Settings, *, clock: Callable[[], float] = monotonic, on_change: Observer | None = None
    ):
        self._settings, self._clock, self._on_change = settings, clock, on_change
        self._services: dict[tuple[str, str], Service] = {}
        self._lock = Lock()

    def ask(self, desk: Desk, kind: str, key: str) -> Future[Any]:
        return self._service(desk, kind).ask(key)

    def _service(self, desk: Desk, kind: str) -> Service:
        with self._lock:
            if (desk.name, kind) not in self._services:
                made = Service(kind, _slow(desk, kind), self._settings, clock=self._clock, on_change=self._on_change)
                self._services[desk.name, kind] = made
            return self._services[desk.name, kind]


class Service:
    """One service, and its answers for a while."""

    def __init__(
        self, kind: str, fact: Slow, settings: Settings, *, clock: Callable[[], float], on_change: Observer | None
    ):
        self._kind, self._otherwise, self._outside = kind, fact.otherwise, fact.service(settings)
        self._limit_s = settings.fact_s
        self._room = BoundedSemaphore(settings.fact_at_once)
        self._fresh: TtlCache[str, tuple[Any]] = TtlCache(MOST_KEPT, settings.fact_fresh_s, clock)
        self._stale: TtlCache[str, tuple[Any]] = TtlCache(MOST_KEPT, settings.fact_stale_s, clock)
        self.breaker = Breaker(
            f"fact:{kind}",
            settings.breaker_failures,
            settings.breaker_window_s,
            settings.breaker_open_s,
            settings.breaker_successes,
            counts=(Unreachable, Broken),
            on_change=on_change,
        )

    def ask(self, key: str) -> Future[Any]:
        fresh = self._fresh.get(key)
        if fresh is not None:
            return _settled(self._count("cached", fresh[0]))
        if self._outside is None:
            return _settled(self._count("reckoned", self._otherwise(key)))
        if self.breaker.opened or not self._room.acquire(blocking=False):
            return _settled(self._second_best(key))
        settled: Future[Any] = Future()
        Thread(target=self._wait, args=(key, settled), name=f"fact {self._kind}", daemon=True).start()
        return settled

    def _wait(self, key: str, settled: Future[Any]) -> None:
        """Settle the future: with the answer, or with the second best when its time is over."""
        asked = False
        try:
            with self.breaker.guard():
                asked = True
                answer = self._answer(key)
        except Exception as error:
            if not asked:
                self._room.release()
            log.warning("fact.unanswered", fact=self._kind, error=type(error).__name__)
            settled.set_result(self._second_best(key))
            return
        self._fresh.put(key, (answer,))
        self._stale.put(key, (answer,))
        settled.set_result(self._count("answered", answer))

    def _answer(self, key: str) -> Any:
        """Waited for no longer than the limit; a call that hangs keeps its place among those at once until it ends."""
        answered: Future[Any] = Future()
        Thread(target=self._call, args=(key, answered), name=f"service {self._kind}", daemon=True).start()
        try:
            return answered.result(self._limit_s)
        except TimeoutError:
            raise TimedOut(f"no {self._kind} within {self._limit_s:g} s") from None

    def _call(self, key: str, answered: Future[Any]) -> None:
        assert self._outside is not None
        try:
            answered.set_result(self._outside(key, self._limit_s))
        except TurnoError as error:
            answered.set_exception(error)
        except Exception as error:
            log.error("fact.broken", fact=self._kind, error=type(error).__name__, exc_info=True)
            answered.set_exception(Broken(type(error).__name__))
        finally:
            self._room.release()

    def _second_best(self, key: str) -> Any:
        stale = self._stale.get(key)
        return self._count("stale", stale[0]) if stale else self._count("reckoned", self._otherwise(key))

    def _count(self, how: str, fact: Any) -> Any:
        telemetry.fact(self._kind, how)
        return fact


def _slow(desk: Desk, kind: str) -> Slow:
    fact = desk.facts[kind]
    assert isinstance(fact, Slow), "only slow facts are asked for outside"
    return fact


def _settled(fact: Any) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(fact)
    return future

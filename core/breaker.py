"""A circuit breaker: whoever keeps failing is left alone for a while, then asked once, carefully.

    closed ──(enough failures within the window)──► open
    open ──(its time is over)──► half open: one probe at a time, all others refused
    half open ──(enough probes succeeded)──► closed
    half open ──(a probe failed)──► open, with every count at zero

A rolling window, a success threshold and the single probe are ours; the states, the
failure predicate and the errors are those of `circuitbreaker`.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from threading import RLock
from time import monotonic
from typing import Any, Literal, NoReturn, TypeVar
from weakref import WeakSet

from circuitbreaker import (
    STATE_CLOSED,
    STATE_HALF_OPEN,
    STATE_OPEN,
    CircuitBreaker,
    CircuitBreakerError,
)

from core.errors import Unreachable

State = Literal["closed", "open", "half_open"]
Observer = Callable[[str, State, State, str], None]
"""Told of every transition: the breaker's name, the state it leaves, the one it enters, and why."""

_Answer = TypeVar("_Answer")
_log = logging.getLogger(__name__)
_living: WeakSet[Breaker] = WeakSet()


def states() -> dict[str, State]:
    """Every breaker of this process by name, and how it stands; of two with one name, the worse."""
    worst: dict[str, State] = {}
    for breaker in list(_living):
        state = breaker.state
        if _BADNESS[state] >= _BADNESS[worst.get(breaker.name, "closed")]:
            worst[breaker.name] = state
    return worst


_BADNESS: dict[State, int] = {"closed": 0, "half_open": 1, "open": 2}


class BreakerOpen(Unreachable, CircuitBreakerError):  # type: ignore[misc]  # the library has no types
    """Refused without asking: nothing has happened, try again later."""

    def __init__(self, breaker: Breaker):
        Unreachable.__init__(self, f"{breaker.name} is left alone for {breaker.open_remaining} s")
        self._circuit_breaker = breaker

    def __str__(self) -> str:
        return f"{self._circuit_breaker.name} is left alone for now"


class Breaker(CircuitBreaker):  # type: ignore[misc]  # the library has no types
    """Counts `failures` within `window_s`, stays open for `open_s`, closes after `successes` probes.

    Use it as `with breaker.guard(): …`. Only exceptions of the types in `counts` are
    failures; any other means that somebody answered. Safe to share between threads.
    """

    def __init__(
        self,
        name: str,
        failures: int,
        window_s: float,
        open_s: float,
        successes: int,
        clock: Callable[[], float] = monotonic,
        *,
        counts: type[Exception] | tuple[type[Exception], ...] = Exception,
        on_change: Observer | None = None,
    ):
        super().__init__(failures, open_s, counts, name)
        self._state: State = STATE_CLOSED
        self._opened = clock()
        self._window_s = window_s
        self._needed = successes
        self._clock = clock
        self._on_change = on_change
        self._lock = RLock()
        self._failed_at: deque[float] = deque(maxlen=failures)
        self._succeeded = 0
        self._probing = False
        self._era = 0
        """Counts transitions: an outcome from before the last one says nothing about now."""
        _living.add(self)

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Let one call through and learn from its outcome; raises BreakerOpen when none may pass."""
        era = self._admit()
        try:
            yield
        except Exception as problem:
            self._learn(era, problem)
            raise
        except BaseException:
            # Stopped from outside, not by whoever was asked: no verdict, but the next probe may go.
            self._release(era)
            raise
        self._learn(era, None)

    def call(self, func: Callable[..., _Answer], *args: Any, **kwargs: Any) -> _Answer:
        with self.guard():
            return func(*args, **kwargs)

    def __enter__(self) -> NoReturn:
        raise TypeError("use `with breaker.guard():`, which knows its own call")

    @property
    def state(self) -> State:
        with self._lock:
            return STATE_HALF_OPEN if self._state == STATE_OPEN and self._rested() else self._state

    @property
    def open_remaining(self) -> int:
        """Whole seconds until the next probe may go."""
        return max(0, ceil(self._opened + self._recovery_timeout - self._clock())) if self._state == STATE_OPEN else 0

    @property
    def failure_count(self) -> int:
        """Failures within the window that ends now."""
        with self._lock:
            return self._recent(self._clock())

    def reset(self) -> None:
        """Close at once, forgetting every failure."""
        with self._lock:
            self._move(STATE_CLOSED, "reset")

    def _admit(self) -> int:
        with self._lock:
            if self._state == STATE_OPEN and self._rested():
                self._move(STATE_HALF_OPEN, f"left alone for {self._recovery_timeout} s")
            if self._state == STATE_OPEN or self._probing:
                raise BreakerOpen(self)
            self._probing = self._state == STATE_HALF_OPEN
            return self._era

    def _learn(self, era: int, problem: Exception | None) -> None:
        with self._lock:
            if era != self._era:
                return
            self._probing = False
            if problem is not None and self.is_failure(type(problem), problem):
                self._last_failure = problem
                self._failed(type(problem).__name__)
            elif self._state == STATE_HALF_OPEN:
                self._passed()

    def _release(self, era: int) -> None:
        with self._lock:
            if era == self._era:
                self._probing = False

    def _failed(self, why: str) -> None:
        now = self._clock()
        if self._state == STATE_HALF_OPEN:
            self._move(STATE_OPEN, f"the probe failed: {why}")
            return
        self._failed_at.append(now)
        if (count := self._recent(now)) >= self._failure_threshold:
            self._move(STATE_OPEN, f"{count} failures in {self._window_s} s, the last: {why}")

    def _passed(self) -> None:
        self._succeeded += 1
        if self._succeeded >= self._needed:
            self._move(STATE_CLOSED, f"{self._succeeded} probes succeeded")

    def _recent(self, now: float) -> int:
        while self._failed_at and self._failed_at[0] <= now - self._window_s:
            self._failed_at.popleft()
        return len(self._failed_at)

    def _rested(self) -> bool:
        return bool(self._clock() >= self._opened + self._recovery_timeout)

    def _move(self, new: State, why: str) -> None:
        """Enter `new` with every count at zero, and tell the observer."""
        old, self._state = self._state, new
        self._opened = self._clock()
        self._era += 1
        self._failed_at.clear()
        self._succeeded = 0
        self._probing = False
        if self._on_change and old != new:
            self._tell(self._on_change, old, new, why)

    def _tell(self, on_change: Observer, old: State, new: State, why: str) -> None:
        # An observer that fails must not change the outcome of the call that was guarded.
        try:
            on_change(self.name, old, new, why)
        except Exception:
            _log.exception("the observer of breaker %s failed", self.name)

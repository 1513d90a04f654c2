"""Circuit breaker: after repeated failures a service is not called for a while, then probed once.

    closed ──(enough failures within the window)──► open
    open ──(its time is over)──► half open: one probe at a time, all others refused
    half open ──(enough probes succeeded)──► closed
    half open ──(a probe failed)──► open, with every count at zero

`circuitbreaker` holds the state, the time it stays open, and what counts as a failure. A rolling window, a success
threshold, the single probe and the record of transitions are ours: they decide when it is told of a failure, and when
it is reset.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from time import monotonic
from types import TracebackType
from typing import Literal, Protocol
from weakref import WeakSet

from circuitbreaker import CircuitBreaker

from core.errors import Unreachable

State = Literal["closed", "open", "half_open"]
Observer = Callable[[str, State, State, str], None]
"""Told of every transition: the breaker's name, the state it leaves, the one it enters, and why."""

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


class Circuit(Protocol):
    """The part of the library's circuit breaker that we use, typed. Entering and leaving it with a failure opens it."""

    @property
    def state(self) -> State: ...

    @property
    def open_remaining(self) -> int: ...

    def is_failure(self, kind: type[BaseException], problem: BaseException, /) -> bool: ...

    def reset(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException], problem: BaseException, traceback: TracebackType | None, /
    ) -> bool: ...


class BreakerOpen(Unreachable):
    """Refused without asking: nothing has happened, try again later."""

    def __init__(self, name: str):
        super().__init__(f"{name} is left alone for now")


class Breaker:
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
        *,
        counts: type[Exception] | tuple[type[Exception], ...] = Exception,
        on_change: Observer | None = None,
    ):
        self.name = name
        self._circuit: Circuit = CircuitBreaker(failure_threshold=1, recovery_timeout=open_s, expected_exception=counts)
        self._most, self._window_s, self._open_s, self._needed = failures, window_s, open_s, successes
        self._on_change = on_change
        self._lock = RLock()
        self._failed_at: deque[float] = deque(maxlen=failures)
        self._succeeded = 0
        self._probing = False
        self._stands: State = "closed"
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

    @property
    def state(self) -> State:
        with self._lock:
            return self._circuit.state

    @property
    def closed(self) -> bool:
        return self.state == "closed"

    @property
    def opened(self) -> bool:
        return self.state == "open"

    @property
    def open_remaining(self) -> int:
        """Whole seconds until the next probe may go."""
        return max(0, self._circuit.open_remaining) if self.opened else 0

    @property
    def failure_count(self) -> int:
        """Failures within the window that ends now."""
        with self._lock:
            return self._recent(monotonic())

    def reset(self) -> None:
        """Close at once, forgetting every failure."""
        with self._lock:
            self._close("reset")

    def _admit(self) -> int:
        with self._lock:
            state = self._circuit.state
            if state == "half_open" and self._stands == "open":
                self._enter("half_open", f"left alone for {self._open_s} s")
            if state == "open" or self._probing:
                raise BreakerOpen(self.name)
            self._probing = state == "half_open"
            return self._era

    def _learn(self, era: int, problem: Exception | None) -> None:
        with self._lock:
            if era != self._era:
                return
            self._probing = False
            if problem is not None and self._circuit.is_failure(type(problem), problem):
                self._failed(problem)
            elif self._stands == "half_open":
                self._passed()

    def _release(self, era: int) -> None:
        with self._lock:
            if era == self._era:
                self._probing = False

    def _failed(self, problem: Exception) -> None:
        why, now = type(problem).__name__, monotonic()
        if self._stands == "half_open":
            self._open(problem, f"the probe failed: {why}")
            return
        self._failed_at.append(now)
        if (count := self._recent(now)) >= self._most:
            self._open(problem, f"{count} failures in {self._window_s} s, the last: {why}")

    def _passed(self) -> None:
        self._succeeded += 1
        if self._succeeded >= self._needed:
            self._close(f"{self._succeeded} probes succeeded")

    def _recent(self, now: float) -> int:
        while self._failed_at and self._failed_at[0] <= now - self._window_s:
            self._failed_at.popleft()
        return len(self._failed_at)

    def _open(self, problem: Exception, why: str) -> None:
        self._circuit.__exit__(type(problem), problem, problem.__traceback__)
        self._enter("open", why)

    def _close(self, why: str) -> None:
        self._circuit.reset()
        self._enter("closed", why)

    def _enter(self, new: State, why: str) -> None:
        """Every count begins at zero, and the observer is told."""
        old, self._stands = self._stands, new
        self._era += 1
        self._failed_at.clear()
        self._succeeded = 0
        self._probing = False
        if self._on_change and old != new:
            self._notify(self._on_change, old, new, why)

    def _notify(self, on_change: Observer, old: State, new: State, why: str) -> None:
        # An observer that fails must not change the outcome of the call that was guarded.
        try:
            on_change(self.name, old, new, why)
        except Exception:
            _log.exception("the observer of breaker %s failed", self.name)

"""Log sampling: the first lines of each minute are written; the next minute reports how many were dropped.

Otherwise whoever is refused often enough rolls everything else out of the log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

MINUTE_S = 60.0


@dataclass(slots=True)
class _Minute:
    ends_at: float
    written: int = 0
    left_out: int = 0


@dataclass(slots=True)
class Sampled:
    """`most` lines of each kind a minute, in one process. Kinds are words from a short list."""

    most: int
    now: Callable[[], float] = monotonic
    _minutes: dict[str, _Minute] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, kind: str) -> int | None:
        """Sample one log line: None leaves it out; otherwise how many were left out since the last one."""
        with self._lock:
            minute = self._minutes.get(kind)
            if minute is None or minute.ends_at <= self.now():
                minute = self._minutes[kind] = _Minute(self.now() + MINUTE_S, left_out=minute.left_out if minute else 0)
            if minute.written >= self.most:
                minute.left_out += 1
                return None
            minute.written += 1
            left_out, minute.left_out = minute.left_out, 0
            return left_out

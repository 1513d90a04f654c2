"""Bounded concurrency: a limit in all, and a share of it for one network address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from core.errors import Busy

SHARES = 4
"""One address holds at most one in so many of the places."""


class Places:
    """`most` is a number of requests, or of bytes: whatever `size` counts."""

    def __init__(self, most: int, *, shares: int = SHARES):
        self._most, self._each = most, max(1, most // shares)
        self._lock = Lock()
        self._held: Counter[str] = Counter()

    def take(self, address: str, size: int = 1) -> bool:
        """Take a slot; False when all are taken. A client without a slot may exceed its share while there is room."""
        with self._lock:
            held = self._held[address]
            fits = self._held.total() + size <= self._most and (not held or held + size <= self._each)
            if fits:
                self._held[address] += size
            self._tidy(address)
        return fits

    def leave(self, address: str, size: int = 1) -> None:
        with self._lock:
            self._held[address] -= size
            self._tidy(address)

    @contextmanager
    def held(self, address: str, size: int = 1) -> Iterator[None]:
        """Hold a place for the length of a block. Raises Busy."""
        if not self.take(address, size):
            raise Busy("too much at once")
        try:
            yield
        finally:
            self.leave(address, size)

    def _tidy(self, address: str) -> None:
        if self._held[address] <= 0:
            del self._held[address]

"""What was learnt a short while ago: the newest few, each for a limited time. Safe to share between threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    def __init__(self, size: int, keep_s: float, clock: Callable[[], float] = monotonic):
        self._size = size
        self._keep_s = keep_s
        self._clock = clock
        self._kept: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            until, value = self._kept.get(key, (0.0, None))
            if value is not None and self._clock() < until:
                return value
            self._kept.pop(key, None)
            return None

    def put(self, key: K, value: V) -> None:
        with self._lock:
            self._kept[key] = (self._clock() + self._keep_s, value)
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

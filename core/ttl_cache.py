"""A TTL cache: the newest few answers, each for a limited time. Safe to share between threads.

A caller that asks for a value that is being made waits for it, so no value is made twice at once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class TtlCache(Generic[K, V]):
    """At most `size` values for `keep_s` each; the oldest goes first."""

    def __init__(self, size: int, keep_s: float, clock: Callable[[], float] = monotonic):
        self._size, self._keep_s, self._clock = size, keep_s, clock
        self._kept: OrderedDict[K, tuple[Future[V], float]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """The value while it is fresh; None when there is none, or it is still being made, or making it failed."""
        with self._lock:
            future = self._fresh(key)
        made = future is not None and future.done() and future.exception() is None
        return future.result() if future is not None and made else None

    def put(self, key: K, value: V) -> None:
        future: Future[V] = Future()
        future.set_result(value)
        with self._lock:
            self._keep(key, future)

    def get_or_make(self, key: K, make: Callable[[], V]) -> V:
        """The value; the first who asks makes it. An error is kept too: what is too slow is not made at once again."""
        with self._lock:
            future = self._fresh(key)
            mine = future is None
            if future is None:
                future = Future()
                self._keep(key, future)
        if mine:
            self._make(key, future, make)
        return future.result()

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)

    def _fresh(self, key: K) -> Future[V] | None:
        future, at = self._kept.get(key, (None, 0.0))
        if future is not None and (not future.done() or self._clock() - at < self._keep_s):
            return future
        self._kept.pop(key, None)
        return None

    def _keep(self, key: K, future: Future[V]) -> None:
        self._kept[key] = future, self._clock()
        self._kept.move_to_end(key)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)

    def _make(self, key: K, future: Future[V], make: Callable[[], V]) -> None:
        try:
            value = make()
        except Exception as error:
            future.set_exception(error)
        except BaseException as stopped:  # who made it was stopped from outside: the next one makes it again
            with self._lock:
                self._kept.pop(key, None)
            future.set_exception(stopped)
            raise
        else:
            future.set_result(value)
        with self._lock:
            if key in self._kept and self._kept[key][0] is future:
                self._kept[key] = future, self._clock()

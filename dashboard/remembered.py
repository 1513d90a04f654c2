"""Answers remembered for a few seconds: who asks the same meanwhile gets the same, and waits for it at most once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Remembered(Generic[Answer]):
    """At most `most` answers for `keep_s` each. An error is an answer too: what is too slow is not asked at once again."""

    def __init__(self, keep_s: float, most: int = 300, clock: Callable[[], float] = monotonic):
        self._keep_s, self._most, self._clock = keep_s, most, clock
        self._lock = Lock()
        self._known: OrderedDict[Hashable, tuple[Future[Answer], float]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer; `make` is called by the first who asks, and the others wait for it."""
        future, mine = self._place(key)
        if mine:
            self._fill(key, future, make)
        return future.result()

    def _place(self, key: Hashable) -> tuple[Future[Answer], bool]:
        with self._lock:
            known = self._known.get(key)
            if known is not None and (not known[0].done() or self._clock() - known[1] < self._keep_s):
                return known[0], False
            future: Future[Answer] = Future()
            self._known[key] = future, self._clock()
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
            return future, True

    def _fill(self, key: Hashable, future: Future[Answer], make: Callable[[], Answer]) -> None:
        try:
            answer = make()
        except Exception as error:
            future.set_exception(error)
        except BaseException as stopped:  # who made it was stopped from outside: the next one makes it again
            with self._lock:
                self._known.pop(key, None)
            future.set_exception(stopped)
            raise
        else:
            future.set_result(answer)
        with self._lock:
            if key in self._known and self._known[key][0] is future:
                self._known[key] = future, self._clock()

"""Deadline of one reading: checked between rules, so that no text blocks a thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from typing import Final

MOST_S: Final = 0.25
"""Of processor time: what else the machine does is not counted. The slowest text known takes a hundredth of it."""
OUT_OF_TIME: Final = "out_of_time"
"""Why a reading says nothing."""


class OutOfTime(Exception):
    """The reading took too long."""


class Deadline:
    def __init__(self, clock: Callable[[], float], seconds: float = MOST_S):
        self._clock = clock
        self._until = clock() + seconds

    def check(self) -> None:
        if self._clock() > self._until:
            raise OutOfTime


_NEVER: Final = Deadline(lambda: 0.0, inf)
_current: ContextVar[Deadline] = ContextVar("deadline", default=_NEVER)


@contextmanager
def within(clock: Callable[[], float]) -> Iterator[None]:
    """Limit the time of all reading inside, whichever desk reads."""
    token = _current.set(Deadline(clock))
    try:
        yield
    finally:
        _current.reset(token)


def check() -> None:
    """Raises OutOfTime when the time of this reading is over."""
    _current.get().check()

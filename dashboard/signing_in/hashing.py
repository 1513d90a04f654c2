"""Password hashing in a thread: a hash takes a tenth of a second, and must not block other requests.

One at once for each process, and a short queue: what an attack can make it work for is bounded, and who comes while the
queue is full is sent away at once, so that no place of the relay is held for a wait.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import BoundedSemaphore
from typing import Any

from gevent.threadpool import ThreadPool

from core import passwords
from core.errors import TurnoError

AT_ONCE = 1
MOST = 8
"""Checked or waiting to be."""
LATER_S = 2
_places = BoundedSemaphore(MOST)


class Busy(TurnoError):
    """As many passwords wait to be checked as may."""


def matches(kept: str | None, password: str) -> bool:
    return bool(_beside(passwords.matches, kept, password))


def hashed(password: str) -> str:
    return str(_beside(passwords.hashed, password))


def check_room() -> None:
    """Raises Busy; asked before a try is counted that could not be answered."""
    _enter()
    _places.release()


def _beside(work: Callable[..., Any], *given: Any) -> Any:
    _enter()
    try:
        return _threads().apply(work, given)
    finally:
        _places.release()


def _enter() -> None:
    if not _places.acquire(blocking=False):
        raise Busy("too many sign in at this moment")


@cache
def _threads() -> ThreadPool:
    return ThreadPool(AT_ONCE)

"""Waiting for what must come true."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import TypeVar

Found = TypeVar("Found")
LOOK_EVERY_S = 0.1


def until(condition: Callable[[], Found], timeout_s: float) -> Found:
    """What the condition gives once that is true; TimeoutError when the time is over."""
    deadline = monotonic() + timeout_s
    while not (found := condition()):
        if monotonic() > deadline:
            raise TimeoutError(
                f"{getattr(condition, '__qualname__', condition)} did not come true in {timeout_s:.0f} s"
            )
        rest(LOOK_EVERY_S)
    return found


def rest(seconds: float) -> None:
    Event().wait(seconds)

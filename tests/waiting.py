"""The one place where a test waits: for a condition, until a deadline."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import TypeVar

Found = TypeVar("Found")

FIRST_LOOK_S, LOOK_EVERY_S = 0.01, 0.05
"""What comes soon is seen soon; what takes long is looked for less often, which leaves the processors to it."""


def until(condition: Callable[[], Found], timeout_s: float = 60.0, *, told: Callable[[], object] = str) -> Found:
    """What the condition gives once it gives something true; fails, with what `told` says, when the time is over."""
    pause, wait_s, deadline = Event(), FIRST_LOOK_S, monotonic() + timeout_s
    while not (found := condition()):
        if monotonic() >= deadline:
            raise AssertionError(
                f"{getattr(condition, '__qualname__', condition)} did not come true in {timeout_s} s\n{told()}"
            )
        pause.wait(wait_s)
        wait_s = min(wait_s * 1.2, LOOK_EVERY_S)
    return found


def breathe() -> None:
    """The pause of somebody who makes load, so that it is load and not a flood. Nothing may depend on it."""
    Event().wait(0.03)

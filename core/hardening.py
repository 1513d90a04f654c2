"""Hardening: privileges that a process drops by itself. Only Linux enforces it; elsewhere nothing happens."""

from __future__ import annotations

import ctypes
import sys

DUMPABLE = 4


def hide_memory() -> None:
    """Other processes of our user read neither our memory nor our environment, where the keys are."""
    if sys.platform == "linux":
        control(DUMPABLE, 0)


def control(option: int, *given: object) -> None:
    """`prctl`. Raises OSError when it is refused."""
    system = ctypes.CDLL(None, use_errno=True)
    arguments = [ctypes.c_ulong(each) if isinstance(each, int) else each for each in given]
    if system.prctl(ctypes.c_int(option), *arguments, *[ctypes.c_ulong(0)] * (4 - len(arguments))) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option} is refused")

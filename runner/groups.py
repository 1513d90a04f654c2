"""Process groups: a program together with every process it started."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

import psutil

LOOK_S = 0.05


def alive(group: int) -> bool:
    """Whether anybody of the group still runs; those who are dead and not yet buried do not count."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return any(_belongs(process, group) for process in psutil.process_iter())


def end(groups: Iterable[int], *, grace_s: float) -> None:
    """Ask every group to end, and kill those that have not after the grace."""
    left = list(groups)
    ask(left)
    kill_late(left, until=time.monotonic() + grace_s)


def ask(groups: Iterable[int]) -> None:
    _send(groups, signal.SIGTERM)


def kill_late(groups: Iterable[int], *, until: float, hurried: Callable[[], bool] = lambda: False) -> None:
    """Wait for the groups to end; kill what is left when the time is over, or when somebody is in a hurry."""
    left = list(groups)
    while (left := [group for group in left if alive(group)]) and time.monotonic() < until and not hurried():
        time.sleep(LOOK_S)
    _send(left, signal.SIGKILL)
    while any(alive(group) for group in left):  # the kernel does not keep anybody waiting long
        time.sleep(LOOK_S)


def _send(groups: Iterable[int], number: signal.Signals) -> None:
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


def _belongs(process: psutil.Process, group: int) -> bool:
    try:
        return os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False

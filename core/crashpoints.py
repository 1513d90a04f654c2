"""Crash points: lines at which a test may kill the process, to prove that nothing is lost there.

`TURNO_CRASH_AT=sessions.save:committing` ends the process with SIGKILL the first time it gets there, `…#3` the third
time; production refuses the setting. Unset, nothing here is ever asked.

Every commit is a place by itself, named after each statement that wrote in it: `committing` is just before the
commit, `committed` just after. No commit of ours can be without one. Calls of the platform have their own three, and so have letters.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable

COMMIT = ("committing", "committed")
CALLS = ("graph:writing", "graph:written", "graph:answered")
LETTERS = ("smtp:writing", "smtp:written", "smtp:answered")

armed = False
_where = ""
_left = 0


def arm(where: str) -> None:
    """Die there. An empty place: nowhere."""
    global armed, _where, _left
    _where, _, times = where.partition("#")
    armed, _left = bool(where), int(times or 1)


def reach(place: str) -> None:
    """The process has got here, and goes no further when this is where it was told to die."""
    global _left
    if armed and place == _where:
        _left -= 1
        if _left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def reach_commit(statements: Iterable[str], moment: str) -> None:
    """A transaction in which these statements wrote has got to this moment."""
    for name in dict.fromkeys(statements):
        reach(f"{name}:{moment}")

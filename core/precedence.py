"""Precedence for the processor: who serves those who can wait takes what those who serve customers leave.

Linux may share the processor by session first, and by precedence only within one (`sched_autogroup_enabled`, as on most
desktops and many servers). Each of PostgreSQL's processes is a session of its own: there it is the session that must be
told, or the telling has no effect at all. Elsewhere than on Linux only the process is told.
"""

from __future__ import annotations

from pathlib import Path

import psutil

LAST = 19
"""Nearly nothing beside somebody who wants all of it, and all of it beside nobody."""


def give_way(process: psutil.Process, nice: int = LAST) -> bool:
    """From now on it comes after the others. False: not yet; Linux lets sessions be told only ten times a second."""
    if process.nice() < nice:
        process.nice(nice)
    session = _session(process.pid)
    if not session.exists() or _precedence(session) >= nice:
        return True
    try:
        session.write_text(str(nice))
    except BlockingIOError:
        return False
    return True


def _session(pid: int) -> Path:
    return Path(f"/proc/{pid}/autogroup")


def _precedence(session: Path) -> int:
    """`/autogroup-275802 nice 0`; nothing to tell where sessions do not count."""
    told = session.read_text().split()
    return int(told[-1]) if told else LAST

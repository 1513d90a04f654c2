"""CPU priority (nice): processes that serve staff yield to those that serve customers.

Linux may share the processor by session first, and by precedence only within one (`sched_autogroup_enabled`, as on most
desktops and many servers). Each of PostgreSQL's processes is a session of its own: there it is the session that must be
told, or the telling has no effect at all. Elsewhere than on Linux only the process is told.
"""

from __future__ import annotations

from pathlib import Path

import psutil

BEHIND = 10
"""A tenth of the processor beside somebody who wants all of it, and all of it beside nobody. Further back who is served
would gain nothing that can be measured, and who looks on would wait for minutes when much is going on."""


def give_way(process: psutil.Process, nice: int = BEHIND) -> bool:
    """From now on it comes after the others. False: not yet; Linux lets sessions be told only ten times a second."""
    if process.nice() < nice:
        process.nice(nice)
    session = _session(process.pid)
    stands = _precedence(session)
    if stands is None or stands >= nice:
        return True
    try:
        session.write_text(str(nice))
    except BlockingIOError:
        return False
    return True


def _session(pid: int) -> Path:
    return Path(f"/proc/{pid}/autogroup")


def _precedence(session: Path) -> int | None:
    """`/autogroup-275802 nice 0`; nothing where sessions do not count."""
    words = session.read_text().split() if session.exists() else []
    return int(words[-1]) if words else None

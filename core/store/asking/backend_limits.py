"""Limits of one PostgreSQL backend process that no setting offers: memory and CPU priority.

`select repeat(repeat('x', 1000), 1000000), …` is harmless in every other way. Where the server runs beside us on Linux,
its process is watched while it answers, and a statement that wants too much is cancelled; and it takes the processor
when those who serve customers leave it, however long it computes. Elsewhere the server's own machine must see to it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import psutil
import psycopg

from core import niceness
from core.store.asking.question import Unanswered

MOST_BYTES = 1024 * 1024 * 1024
LOOK_EVERY_S = 0.05


@contextmanager
def watched(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Raises Unanswered, and ends the connection, when the process behind it grows too large meanwhile."""
    process = _behind(connection)
    if process is None:
        yield
        return
    gives_way, done, over = _give_way(process), Event(), Event()
    watcher = Thread(target=_watch, args=(connection, process, gives_way, done, over), daemon=True)
    watcher.start()
    try:
        yield
    except psycopg.Error:
        if over.is_set():
            raise Unanswered(f"It wanted more than {MOST_BYTES // 1024**2} MB of memory and was stopped.") from None
        raise
    finally:
        done.set()
        watcher.join()
        if over.is_set():
            connection.close()  # the cancellation may still be on its way, and is not for the next statement


def _watch(
    connection: psycopg.Connection[Any], process: psutil.Process, gives_way: bool, done: Event, over: Event
) -> None:
    try:
        while not done.wait(LOOK_EVERY_S):
            gives_way = gives_way or _give_way(process)
            if _own_bytes(process) > MOST_BYTES:
                over.set()
                connection.cancel_safe()
                return
    except (psutil.Error, psycopg.Error):
        return  # it is gone, and its memory with it


def _give_way(process: psutil.Process) -> bool:
    """Its connection asks for staff only, so it stays so. A server of another user lets nobody tell it that."""
    try:
        return niceness.give_way(process)
    except (psutil.Error, OSError):
        return True


def _own_bytes(process: psutil.Process) -> int:
    """Private memory of a server process in bytes, without what it shares with the others."""
    memory = process.memory_info()
    return int(memory.rss - memory.shared)


def _behind(connection: psycopg.Connection[Any]) -> psutil.Process | None:
    """The number may belong to another process here, when the server counts its own elsewhere: so its name is read."""
    if sys.platform != "linux" or not connection.info.host.startswith("/"):
        return None
    try:
        process = psutil.Process(connection.info.backend_pid)
        named = " ".join(process.cmdline()).startswith(f"postgres: {connection.info.user} ")
    except psutil.Error:
        return None
    return process if named else None

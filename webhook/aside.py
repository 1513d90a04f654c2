"""File I/O in threads, so that a slow disk blocks no other request of the process.

What waits for a socket gives way by itself; a file never does. So what touches files in `core` is used through here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import cache
from typing import ParamSpec, TypeVar

from gevent.threadpool import ThreadPool

from core.log_file import Reader
from core.settings import Settings
from core.store.db import Database
from core.store.files.photos import Folder, Photos
from core.store.files.photos_shared import keeping
from core.store.people.person import Tombstone
from core.tombstone_file import TombstoneFile

AT_ONCE = 4
P = ParamSpec("P")
T = TypeVar("T")


def aside(call: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """Its result, from a thread; other requests go on meanwhile."""
    found: T = _threads().apply(call, args, named)
    return found


@cache
def _threads() -> ThreadPool:
    return ThreadPool(AT_ONCE)


class LogReader:
    """A log file, from near its end on."""

    def __init__(self, path: str):
        self._reader = Reader(path)

    def tail(self, size: int) -> bytes:
        return aside(self._reader.tail, size)

    def new(self) -> bytes:
        return aside(self._reader.new)

    def close(self) -> None:
        aside(self._reader.close)


class Tombstones(TombstoneFile):
    """The file of tombstones."""

    def add(self, stones: Sequence[Tombstone]) -> None:
        aside(super().add, stones)

    def read(self) -> list[Tombstone]:
        return aside(super().read)


class _PhotosAside:
    """The photos of a folder."""

    def __init__(self, folder: Folder):
        self._folder = folder

    def put(self, picture: bytes) -> str:
        return aside(self._folder.put, picture)

    def get(self, name: str) -> bytes | None:
        return aside(self._folder.get, name)

    def holds(self, name: str) -> bool:
        return aside(self._folder.holds, name)

    def sweep(self, unnamed: Callable[[Collection[str]], Collection[str]]) -> int:
        return aside(self._folder.sweep, unnamed)

    def drop(self, name: str, kept_at: datetime) -> bool:
        return aside(self._folder.drop, name, kept_at)


def photos(settings: Settings, db: Database) -> Photos:
    """Open the photo storage. Database and bucket are reached over sockets."""
    kept = keeping(settings, db)
    return _PhotosAside(kept) if isinstance(kept, Folder) else kept

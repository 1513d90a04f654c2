"""Stored photos: rows that name their owners, and files named by the sha256 of their content.

A file is written before its row, and a row goes before its file: whatever dies in between leaves a file that
no row names, and the next sweep takes it away.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from core.errors import Unreachable
from core.store.db import Tx
from core.store.files import rows

GRACE_S = 3600.0
"""A file this young may still get its row."""
SWEPT_AT_ONCE = 1000
_NAME = re.compile(r"[0-9a-f]{64}")


class Photos(Protocol):
    """Storage of photos by name: a folder, the database or a bucket."""

    def put(self, picture: bytes) -> str:
        """Keep it; its name."""
        ...

    def get(self, name: str) -> bytes | None:
        """The bytes stored under a name."""
        ...

    def holds(self, name: str) -> bool:
        """Whether the name is stored."""
        ...

    def sweep(self, unnamed: Callable[[Collection[str]], Collection[str]]) -> int:
        """Remove the files, not too young, that `unnamed` picks. How many."""
        ...

    def drop(self, name: str, kept_at: datetime) -> bool:
        """Remove one at once, unless it was kept anew since: then somebody is about to name it."""
        ...


class Folder:
    """Photos in a folder of this machine, readable by our own user only."""

    def __init__(self, path: Path | str, *, grace_s: float = GRACE_S):
        self._path = Path(path)
        self._grace_s = grace_s

    def put(self, picture: bytes) -> str:
        name = sha256(picture).hexdigest()
        place = self._place(name)
        try:
            self._path.mkdir(parents=True, exist_ok=True, mode=0o700)
            place.parent.mkdir(exist_ok=True, mode=0o700)
            try:
                os.utime(place)  # as good as new: a sweep that is under way leaves it alone
            except FileNotFoundError:
                _write(place, picture)
        except OSError as error:  # the disk is full, or not ours
            raise Unreachable(f"photos cannot be kept: {type(error).__name__} {error.errno}") from error
        return name

    def get(self, name: str) -> bytes | None:
        if not _NAME.fullmatch(name):
            return None
        try:
            return self._place(name).read_bytes()
        except FileNotFoundError:
            return None

    def holds(self, name: str) -> bool:
        return _NAME.fullmatch(name) is not None and self._place(name).exists()

    def sweep(self, unnamed: Callable[[Collection[str]], Collection[str]]) -> int:
        removed = 0
        for names in batches(self._old()):
            for name in unnamed(names):
                removed += self._remove(name)
        return removed

    def drop(self, name: str, kept_at: datetime) -> bool:
        place = self._place(name)
        if not _NAME.fullmatch(name) or not _is_old(place, kept_at.timestamp()):
            return False
        place.unlink(missing_ok=True)
        return True

    def _place(self, name: str) -> Path:
        return self._path / name[:2] / f"{name}.jpg"

    def _old(self) -> Iterator[str]:
        """Names of the files that are not too young; what was left half written goes at once."""
        until = time.time() - self._grace_s
        for path in self._path.glob("*/*"):
            if not _is_old(path, until):
                continue
            if path.suffix == ".jpg" and _NAME.fullmatch(path.stem):
                yield path.stem
            elif path.suffix == ".part":
                path.unlink(missing_ok=True)

    def _remove(self, name: str) -> int:
        place = self._place(name)
        if not _is_old(place, time.time() - self._grace_s):
            return 0
        place.unlink(missing_ok=True)
        return 1


def _is_old(path: Path, until: float) -> bool:
    try:
        return path.stat().st_mtime <= until
    except FileNotFoundError:
        return False


def _write(place: Path, picture: bytes) -> None:
    """All of it under its name, or nothing."""
    handle, name = tempfile.mkstemp(suffix=".part", dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(picture)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(place)


def batches(names: Iterator[str]) -> Iterator[list[str]]:
    """So many at once as a sweep asks about."""
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == SWEPT_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def add(
    tx: Tx, *, conversation_id: int, event_id: int, purpose: str, sha256: str, size: int, received_at: datetime
) -> None:
    """A photo of this conversation is kept under this name."""
    tx.run(
        "photos.add",
        conversation_id=conversation_id,
        event_id=event_id,
        purpose=purpose,
        sha256=sha256,
        bytes=size,
        received_at=received_at,
    )


def purge(tx: Tx, *, keep_days: int, size: int = 1000) -> int:
    return tx.run("photos.purge", keep_days=keep_days, size=size)


def unnamed(tx: Tx, names: Collection[str]) -> list[str]:
    """Return the stored names that belong to no photo and to no upload that is still waiting."""
    return [row.sha256 for row in tx.rows(rows.UNNAMED, sha256=list(names))]

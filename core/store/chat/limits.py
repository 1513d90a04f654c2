"""Rate limits: sliding windows, exact over any number of processes.

The windows know hashes only, so that no address and no session id is kept for longer than a request.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from core.store.chat import rows
from core.store.db import Database, Tx


@dataclass(frozen=True, slots=True)
class Window:
    """At most so many hits within so many seconds."""

    most: int
    within_s: float


@dataclass(frozen=True, slots=True)
class Taken:
    took: bool
    held: int
    oldest_at: float
    """When the oldest hit was, in seconds since 1970."""


def take(db: Database, key: str, window: Window) -> Taken:
    """One more hit; `took` is False when the window was full, and then it did not count."""
    [row] = db.at_once(rows.TAKEN, key_hash=_hash(key), most=window.most, within_s=window.within_s)
    assert row.oldest_at is not None, "the hit that was just counted is one"
    return Taken(row.took, row.held, row.oldest_at)


def stands(tx: Tx, key: str, window: Window) -> Taken:
    """The window as it stands, without a hit more."""
    row = tx.first(rows.HELD, key_hash=_hash(key), within_s=window.within_s)
    return Taken(row.held < window.most, row.held, row.oldest_at)


def forget(tx: Tx, key: str) -> None:
    tx.run("limits.forget", key_hash=_hash(key))


def purge(tx: Tx, *, size: int = 1000) -> int:
    return tx.run("limits.purge", size=size)


def _hash(key: str) -> str:
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

"""Seals of the audit: HMACs that cannot be forged with the database alone; the key is outside it.

A seal stands for every row before it. An intruder who changes a row can compute the whole chain anew, but not its seals.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from core.store.db import Tx
from core.store.staff.rows import audit as rows

DID = "sealed the audit"


def seal(tx: Tx, key: str) -> int:
    """One seal when rows were added since the last one; part of a transaction that notes nothing else."""
    tx.run("audit.hold_end")
    last = tx.one(rows.END) if key else None
    if last is None or last.did == DID:
        return 0
    tx.run("audit.note", who="janitor", did=DID, subject=_seal_of(key, last.hash), why="", desk="")
    return 1


def wrong(row: rows.Chained, keys: Sequence[str]) -> bool:
    """Whether this claims to be a seal of one of our keys and fails verification."""
    ours = [key for key in keys if row.subject.startswith(_name(key))]
    return row.did == DID and bool(ours) and not _made_with(row, ours)


def holds(row: rows.Chained, keys: Sequence[str]) -> bool:
    return row.did == DID and _made_with(row, keys)


def _made_with(row: rows.Chained, keys: Sequence[str]) -> bool:
    return any(hmac.compare_digest(row.subject.encode(), _seal_of(key, row.previous).encode()) for key in keys)


def _seal_of(key: str, previous: bytes) -> str:
    return _name(key) + hmac.digest(key.encode(), b"audit" + previous, hashlib.sha256).hex()


def _name(key: str) -> str:
    """An identifier of the key, for its rotation; it reveals nothing of the key."""
    return f"seal:{hmac.digest(key.encode(), b'name', hashlib.sha256).hex()[:8]}:"

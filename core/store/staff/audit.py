"""Audit trail: who did or saw what, when and why. Append-only, hash-chained.

Texts of customers are never in it: `subject` names a thing by its id, and `why` is the staff's own reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core import pii
from core.store.db import Tx
from core.store.staff import audit_seal
from core.store.staff.rows import audit as rows

PIECE = 500
LONGEST = 500
FIRST = bytes(32)
"""The value that the first row is chained to."""
DID = {
    "take_over": "took a conversation over",
    "answer": "answered",
    "release": "released a conversation",
    "reset": "put a conversation elsewhere",
    "close": "closed a conversation",
    "say_again": "had a message said again",
}
"""Acts of staff on a conversation, in the audit's words."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The result of verifying the hash chain."""

    rows: int
    head: str
    broken_at: int | None = None
    why: str = ""
    met: bool = True
    """The hash that was asked for is in it."""
    sealed: int = 0
    """The last row that a seal of ours stands for."""

    @property
    def whole(self) -> bool:
        return self.broken_at is None and self.met


@dataclass(frozen=True, slots=True)
class Filter:
    """`desks` is what who asks may see; None: all, and what is of no desk."""

    desks: Sequence[str] | None = None
    who: str | None = None
    did: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def note(
    tx: Tx, *, who: str, did: str, subject: str, why: str = "", desk: str | None = None, address: str = ""
) -> None:
    """Append one audit row: actor, action, object, reason and, where it matters, address. Call it in the acting transaction.

    A reason may name a customer, and a row is never removed: numbers and addresses in it are masked as it is written.

    Rows are chained one after another: note last, for others who note wait until this transaction ends.
    """
    reason = ", from ".join(filter(None, (pii.mask(why[:LONGEST]), address)))
    tx.run("audit.note", who=who, did=did, subject=subject[:LONGEST], why=reason[:LONGEST], desk=desk or "")


def page(tx: Tx, wanted: Filter, *, before: int | None, most: int) -> list[rows.Noted]:
    """The newest that fit, below an id."""
    return tx.rows(
        rows.NOTED, before=before, most=most, who=wanted.who, did=wanted.did, subject=wanted.subject,
        since=wanted.since, until=wanted.until, desks=wanted.desks,
    )  # fmt: skip


def refusals(tx: Tx, staff_id: int) -> rows.Refusals:
    """Tries on this account that were refused since somebody signed in to it: how many, and the last one."""
    return tx.first(rows.REFUSALS, id=staff_id)


def deeds(tx: Tx) -> list[str]:
    return [row.did for row in tx.rows(rows.DEEDS)]


def verify(tx: Tx, *, seen: str | None = None, keys: Sequence[str] = ()) -> Chain:
    """Walk the chain from its first row, and count again; `seen` is a hash it must contain, `keys` made its seals."""
    count, previous, met, sealed = 0, FIRST, seen is None, 0
    for row in _rows(tx):
        why = _wrong(row, count, previous) or ("its seal is false" if audit_seal.wrong(row, keys) else "")
        if why:
            return Chain(count, previous.hex(), broken_at=row.id, why=why, sealed=sealed)
        sealed = count if audit_seal.holds(row, keys) else sealed
        count, previous = count + 1, row.hash
        met = met or row.hash.hex() == seen
    return Chain(count, previous.hex(), met=met, sealed=sealed)


def _rows(tx: Tx) -> Iterator[rows.Chained]:
    last = 0
    while found := tx.rows(rows.CHAINED, id=last, most=PIECE):
        yield from found
        last = found[-1].id


def _wrong(row: rows.Chained, count: int, previous: bytes) -> str:
    if row.id != count + 1:
        return f"{row.id - count - 1} rows before it are missing"
    if row.previous != previous:
        return "it is not chained to the row before it"
    return "" if row.hash == counted(previous, row) else "it was changed"


def counted(previous: bytes, row: rows.Chained) -> bytes:
    """The hash of a row: of the hash before it, and of every field with its length."""
    fields = [str(row.id), row.at, row.who, row.did, row.subject, row.why, row.desk, *([row.via] if row.via else [])]
    written = "".join(f"{len(field.encode())}:{field}," for field in fields)
    return hashlib.sha256(previous + written.encode()).digest()

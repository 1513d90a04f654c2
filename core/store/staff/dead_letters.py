"""Dead letters: events that were given up; staff inspect, replay or dismiss them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from core.store.db import Tx
from core.store.path import inbox
from core.store.staff.rows import dead_letters as rows

MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Filter:
    """`desks` is what who asks may see; None: all."""

    desks: Sequence[str] | None = None
    desk: str | None = None
    kind: str | None = None
    error: str | None = None
    """Its error, in full."""
    says: str | None = None
    """Words in what it died of, large or small, with or without accents."""
    phone: str | None = None
    """The last digits of the customer's number; fewer than four fit nobody."""


def page(tx: Tx, wanted: Filter, *, discarded: bool, before: int | None, most: int) -> list[rows.ListedLetter]:
    """The newest that fit, below an id."""
    return tx.rows(rows.LETTERS, **asdict(wanted), discarded=discarded, before=before, most=most)


def errors(tx: Tx, *, desks: Sequence[str] | None, discarded: bool) -> list[rows.ErrorCount]:
    """Errors of dead letters, the most frequent first."""
    return tx.rows(rows.ERRORS, desks=desks, discarded=discarded)


def kinds(tx: Tx) -> list[str]:
    return [row.kind for row in tx.rows(rows.KINDS)]


def find(tx: Tx, id: int, *, desks: Sequence[str] | None) -> rows.DeadLetter | None:
    return tx.one(rows.DEAD_LETTER, id=id, desks=desks)


def matching(tx: Tx, wanted: Filter, *, moved_on_too: bool) -> list[int]:
    """The oldest thousand replayable dead letters that match, locked until this transaction ends."""
    found = tx.rows(rows.MATCHING, **asdict(wanted), most=MOST_AT_ONCE)
    return [row.id for row in found if moved_on_too or not row.moved_on]


def replay(tx: Tx, ids: Sequence[int]) -> int:
    """Put these back in line. How many were still there to be put."""
    return sum(inbox.replay(tx, id) for id in ids)


def discard(tx: Tx, id: int, *, who: str, why: str) -> bool:
    """Put it aside. False: it is no dead letter (any more), or is put aside already."""
    return tx.run("dead_letters.discard", id=id, who=who, why=why) == 1

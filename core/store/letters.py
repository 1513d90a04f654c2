"""Dead letters: events that were given up, looked at, put back in line or put aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.store import inbox
from core.store.db import Row, Tx

MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Filter:
    """`desks` is what who asks may see; None: all."""

    desks: Sequence[str] | None = None
    desk: str | None = None
    kind: str | None = None
    error: str | None = None


def page(tx: Tx, wanted: Filter, *, discarded: bool, before: int | None, most: int) -> list[Row]:
    """The newest that fit, below an id."""
    return tx.rows(
        "letters.page", desks=wanted.desks, desk=wanted.desk, kind=wanted.kind, error=wanted.error,
        discarded=discarded, before=before, most=most,
    )  # fmt: skip


def errors(tx: Tx, *, desks: Sequence[str] | None, discarded: bool) -> list[Row]:
    """What they died of, the commonest first."""
    return tx.rows("letters.errors", desks=desks, discarded=discarded)


def kinds(tx: Tx) -> list[str]:
    return [row.kind for row in tx.rows("letters.kinds")]


def look(tx: Tx, id: int, *, desks: Sequence[str] | None) -> Row | None:
    return tx.one("letters.look", id=id, desks=desks)


def matching(tx: Tx, wanted: Filter, *, moved_on_too: bool) -> list[int]:
    """Those that fit and can be replayed, held until this transaction ends: the oldest thousand."""
    rows = tx.rows(
        "letters.matching", desks=wanted.desks, desk=wanted.desk, kind=wanted.kind, error=wanted.error,
        most=MOST_AT_ONCE,
    )  # fmt: skip
    return [row.id for row in rows if moved_on_too or not row.moved_on]


def replay(tx: Tx, ids: Sequence[int]) -> int:
    """Put these back in line. How many were still there to be put."""
    return sum(inbox.replay(tx, id) for id in ids)


def discard(tx: Tx, id: int, *, who: str, why: str) -> bool:
    """Put it aside. False: it is no dead letter (any more), or is put aside already."""
    return tx.run("letters.discard", id=id, who=who, why=why) == 1

"""Storage of the SQL console: the check of its role, the schema it may query, each person's history and saved queries.

Asking itself is `core/store/asking/confined.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from core.store.asking import rows
from core.store.db import Tx

MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class View:
    """Something to ask, with its columns: name and type."""

    name: str
    holds: str
    columns: tuple[tuple[str, str], ...]


def check(tx: Tx) -> list[str]:
    """Check the rights of the console's role. Returns each violation in words; empty when the role is confined."""
    return [row.why for row in tx.rows(rows.UNSAFE)]


def views(tx: Tx) -> list[View]:
    found = tx.rows(rows.COLUMNS)
    return [
        View(name, holds, tuple((row.name, row.type) for row in columns))
        for (name, holds), columns in groupby(found, key=lambda row: (row.view, row.holds))
    ]


def remember(tx: Tx, staff_id: int, sql: str, *, outcome: str, ms: int) -> None:
    """One run more in this person's history."""
    tx.run("console.remember", staff_id=staff_id, sql=sql, outcome=outcome, ms=ms, most=MOST_KEPT)


def history(tx: Tx, staff_id: int, *, most: int = 30) -> list[rows.Run]:
    """This person's queries, newest first: id, sql, at, outcome, ms."""
    return tx.rows(rows.HISTORY, staff_id=staff_id, most=most)


def asked(tx: Tx, staff_id: int, id: int) -> rows.Sql | None:
    """One of these again."""
    return tx.one(rows.ASKED, staff_id=staff_id, id=id)


def save(tx: Tx, staff_id: int, name: str, sql: str, *, shared: bool) -> int:
    """Keep a query under a name; one of that name is replaced."""
    row = tx.one(rows.SAVED_ID, staff_id=staff_id, name=name, sql=sql, shared=shared)
    assert row is not None, "an upsert always gives its row"
    return int(row.id)


def saved(tx: Tx, staff_id: int) -> list[rows.Saved]:
    """Their own queries, then those that others share."""
    return tx.rows(rows.SAVED, staff_id=staff_id)


def saved_one(tx: Tx, staff_id: int, id: int) -> rows.SavedOne | None:
    """The query, when it is theirs or shared."""
    return tx.one(rows.SAVED_ONE, staff_id=staff_id, id=id)


def forget(tx: Tx, staff_id: int, id: int) -> bool:
    """False when it is not theirs, or gone."""
    return tx.run("console.forget", staff_id=staff_id, id=id) > 0

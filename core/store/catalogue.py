"""Catalogues of a desk: bulk upsert of many lines in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.store.db import Row, Tx

EXAMPLES = 20
_PUT = {
    "customers": "catalogue.put_customers",
    "equipment": "catalogue.put_equipment",
    "vehicles": "catalogue.put_vehicles",
    "centres": "catalogue.put_centres",
    "survey_questions": "catalogue.put_survey_questions",
}
_ALL = {
    "customers": "catalogue.all_customers",
    "equipment": "catalogue.all_equipment",
    "vehicles": "catalogue.all_vehicles",
    "centres": "catalogue.all_centres",
    "survey_questions": "catalogue.all_survey_questions",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One line that was added, or changed and in what: column → (before, after)."""

    key: str
    added: bool
    columns: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Put:
    """The result of an import: lines added, changed, the same and kept; `kept` lines are in the catalogue and not in the file."""

    added: int
    changed: int
    same: int
    kept: int
    examples: tuple[Change, ...]


def put(tx: Tx, kind: str, desk_id: str, columns: Mapping[str, Sequence[Any]]) -> Put:
    """Put these lines, given by column, in place; each key once."""
    given = len(next(iter(columns.values())))
    values = {name: [_array(cell) for cell in cells] for name, cells in columns.items()}
    rows = tx.rows(_PUT[kind], desk_id=desk_id, examples=EXAMPLES, **values)
    added, changed = (rows[0].added, rows[0].changed) if rows else (0, 0)
    return Put(
        added, changed, given - added - changed, size(tx, kind, desk_id) - given, tuple(_change(row) for row in rows)
    )


def all_of(tx: Tx, kind: str, desk_id: str) -> list[dict[str, Any]]:
    """Every line, by its key."""
    return [row._asdict() for row in tx.rows(_ALL[kind], desk_id=desk_id)]


def size(tx: Tx, kind: str, desk_id: str) -> int:
    row = tx.one("catalogue.sizes", desk_id=desk_id)
    return int(getattr(row, kind))


def desks(tx: Tx) -> list[str]:
    return [row.id for row in tx.rows("catalogue.desks")]


def _array(cell: Any) -> Any:
    """A list in a cell, as PostgreSQL writes an array: arrays of arrays must be even, and days are not."""
    return "{" + ",".join(str(part) for part in cell) + "}" if isinstance(cell, list) else cell


def _change(row: Row) -> Change:
    if row.fresh:
        return Change(row.key, True, {})
    differing = {name: (was, row.now[name]) for name, was in row.was.items() if was != row.now[name]}
    return Change(row.key, False, differing)

"""The catalogue of a business: lines of many kinds, each a key and the values of its columns.

The kinds and their columns are the desk's (`Desk.catalogue`); here a line is only stored and found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from core.store import rows
from core.store.db import Tx

EXAMPLES = 20
Line = Mapping[str, Any]
Wanted = tuple[int, str]
"""A conversation, and the key it asks for."""


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


def put(tx: Tx, desk_id: str, kind: str, lines: Mapping[str, Line], *, personal: Sequence[str] = ()) -> Put:
    """Upsert these lines, given by key. `personal` are the columns that name a person."""
    contents = [orjson.dumps(line).decode() for line in lines.values()]
    found = tx.rows(
        rows.PUT, desk_id=desk_id, kind=kind, key=list(lines), content=contents, personal=list(personal),
        examples=EXAMPLES,
    )  # fmt: skip
    added, changed = (found[0].added, found[0].changed) if found else (0, 0)
    kept = size(tx, desk_id, kind) - len(lines)
    return Put(added, changed, len(lines) - added - changed, kept, tuple(_change(row) for row in found))


def all_of(tx: Tx, desk_id: str, kind: str) -> list[Line]:
    """Every line of a kind, in the order of the keys."""
    return [row.content for row in tx.rows(rows.ALL_LINES, desk_id=desk_id, kind=kind)]


def size(tx: Tx, desk_id: str, kind: str) -> int:
    return tx.first(rows.SIZE, desk_id=desk_id, kind=kind).lines


def one(tx: Tx, kind: str, wanted: Sequence[Wanted]) -> dict[Wanted, Line | None]:
    """The line with the key, for the desk of each conversation. None: its desk has lines of this kind, and not this
    one; without any, the conversation is not among the found."""
    ids, keys = [i for i, _ in wanted], [key for _, key in wanted]
    found = tx.rows(rows.BY_KEY, kind=kind, conversation_id=ids, key=keys)
    return {(row.conversation_id, row.key): row.content for row in found}


def lines(tx: Tx, kind: str, conversation_ids: Sequence[int]) -> dict[int, list[Line]]:
    """All lines of a kind, for the desk of each conversation, in the order of the keys."""
    found: dict[int, list[Line]] = defaultdict(list)
    for row in tx.rows(rows.LINES, kind=kind, conversation_id=list(conversation_ids)):
        found[row.conversation_id].append(row.content)
    return found


def _change(row: rows.ChangedLine) -> Change:
    if row.was is None:
        return Change(row.key, True, {})
    names = [name for name in {**row.was, **row.now} if row.was.get(name) != row.now.get(name)]
    return Change(row.key, False, {name: (row.was.get(name), row.now.get(name)) for name in names})

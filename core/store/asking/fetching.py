"""Fetching the rows of a SELECT in batches through a server-side cursor, truncated by the database.

Neither a cell of 300 MB nor ten million rows ever arrive here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg

from core.rows import Kind, Rows
from core.store.asking import cells
from core.store.asking.question import COLUMNS, Limits, Question, Unanswered

BATCH, BATCH_CHARS = 200, 16_000_000


@dataclass(frozen=True, slots=True)
class _Described:
    """The columns, their kinds, and the SELECT that clips what is too long before it leaves the database."""

    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    select: bytes


def batches(connection: psycopg.Connection[Any], question: Question, limits: Limits) -> Iterator[Rows]:
    """The rows, as long as somebody takes them; the first batch is there even when it is empty."""
    described = _describe(connection, question, limits)
    size = _size(described.kinds, limits)
    with connection.cursor(name="asked") as cursor:
        cursor.execute(described.select, question.values)
        found = cursor.fetchmany(size)
        while True:
            rows = [cells.read(row, described.kinds, limits.cell) for row in found]
            yield Rows(described.names, described.kinds, rows)
            found = cursor.fetchmany(size) if len(found) == size else []
            if not found:
                return


def _size(kinds: Sequence[Kind], limits: Limits) -> int:
    """So many rows at once that even the widest there can be are not too many; only texts are wide."""
    widest = sum(limits.cell if kind in ("text", "json") else cells.LONGEST_NUMBER for kind in kinds)
    return max(1, min(BATCH, BATCH_CHARS // widest))


def _apart(names: list[str]) -> tuple[str, ...]:
    """Columns of one name are told apart: `id`, `id_2`."""
    taken, met, apart = set(names), dict[str, Iterator[str]](), []
    for name in names:
        again = met.get(name)
        apart.append(next(again) if again else name)
        met.setdefault(name, _others(name, taken))
    return tuple(apart)


def _others(name: str, taken: set[str]) -> Iterator[str]:
    return (other for n in count(2) if (other := f"{name}_{n}") not in taken)


def first(found: Iterator[Rows], limits: Limits) -> Rows:
    """As many rows as the limits allow."""
    batch = next(found)
    kept: list[tuple[Any, ...]] = []
    left = limits.bytes
    while True:
        for row in batch.rows:
            left -= _bytes(row)
            if len(kept) == limits.rows or left < 0:
                return Rows(batch.columns, batch.kinds, kept, more=True)
            kept.append(row)
        following = next(found, None)
        if following is None:
            return Rows(batch.columns, batch.kinds, kept)
        batch = following


def _bytes(row: tuple[Any, ...]) -> int:
    return sum(len(cell) if isinstance(cell, str) else 8 for cell in row)


def _describe(connection: psycopg.Connection[Any], question: Question, limits: Limits) -> _Described:
    """Asked for the binary format, psycopg sends the statement by itself: PostgreSQL refuses a second one beside it.

    `offset 0` keeps the planner from writing an expression of theirs into each place where it is looked at here, to be
    worked out several times.
    """
    empty = COLUMNS.format(select=question.sql).encode()
    columns = connection.execute(empty, question.values, binary=True).description
    if not columns:
        raise Unanswered("This has no columns.")
    kinds = tuple(cells.kind(column.type_code) for column in columns)
    aliases = ", ".join(f"c{n}" for n in range(len(kinds)))
    listed = ", ".join(cells.clipped(f"c{n}", kind, limits.cell) for n, kind in enumerate(kinds))
    fenced = f"select * from (\n{question.sql}\n) as asked ({aliases}) offset 0"  # noqa: S608
    return _Described(_apart([c.name for c in columns]), kinds, f"select {listed} from ({fenced}) as fenced".encode())  # noqa: S608

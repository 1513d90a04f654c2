"""Query results for staff: columns with their kinds, and rows, within limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["number", "time", "date", "boolean", "duration", "json", "text"]


@dataclass(frozen=True, slots=True)
class Rows:
    columns: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    rows: Sequence[tuple[Any, ...]] = ()
    more: bool = False
    """There are more rows than were fetched."""

    def __bool__(self) -> bool:
        return bool(self.rows)

    def has(self, *columns: str) -> bool:
        return set(columns) <= set(self.columns)

    def column(self, name: str) -> list[Any]:
        """The values of one column."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def kind(self, name: str) -> Kind:
        return self.kinds[self.columns.index(name)]

    def records(self) -> list[dict[str, Any]]:
        """Each row by the names of its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

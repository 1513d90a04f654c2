"""Named queries with typed rows: each row is a named tuple, whose fields are the columns of the statement.

A statement whose columns are others is refused when it first runs, and before that by a test, which compares every
query with the migrated schema: names, order and types.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import psycopg

from core.errors import Broken

R = TypeVar("R", bound=NamedTuple)
DECLARED: list[Query[Any]] = []
"""Every query that a module of the store has declared, for the test."""


class Query(Generic[R]):
    """A named block of SQL and the type of its rows."""

    __slots__ = ("_fits", "name", "of")

    def __init__(self, name: str, of: type[R]):
        self.name, self.of, self._fits = name, of, False
        DECLARED.append(self)

    def row_factory(self, cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], R]:
        """Makes the rows; raises Broken when the columns are not the fields."""
        if not self._fits and cursor.description is not None:
            self.compare([column.name for column in cursor.description])
            self._fits = True
        return self.of._make

    def compare(self, columns: Sequence[str]) -> None:
        if (fields := [*self.of._fields]) != [*columns]:
            raise Broken(f"{self.name} has the columns {', '.join(columns)}; its rows have {', '.join(fields)}")

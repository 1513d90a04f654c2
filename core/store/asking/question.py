"""A staff query: one SELECT with its parameters, the desks whose rows count, and limits of the result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg

from core.errors import TurnoError

ALL_DESKS = "*"
_PARAMETER = re.compile(r"%\((\w+)\)s|%%")
COLUMNS = "select * from (\n{select}\n) as asked limit 0"
"""Asks PostgreSQL for the columns of a SELECT, and for no row."""


class Unanswered(TurnoError):
    """A question of staff got no answer, and why, in words for staff."""

    line = 0
    """The line of the SELECT that PostgreSQL points at, from 1; 0 when it points at none."""


@dataclass(frozen=True, slots=True)
class Limits:
    timeout_s: float = 5.0
    rows: int = 500
    cell: int = 2_000
    """Most characters of one cell."""
    bytes: int = 8_000_000
    """Of all rows that are shown."""


EXPORT = Limits(timeout_s=60.0, rows=0, cell=100_000)
"""A file is complete: every row, and cells as long as spreadsheets take them and more."""


@dataclass(frozen=True, slots=True)
class Question:
    """A SELECT with its values, and the desks its reader may see (none named: no desk at all)."""

    sql: str
    values: Mapping[str, object]
    desks: frozenset[str]

    @property
    def seen(self) -> str:
        return ALL_DESKS if ALL_DESKS in self.desks else ",".join(sorted(self.desks)) or ","


def message_of(error: psycopg.Error) -> str:
    """The message of a PostgreSQL error, without the statement."""
    if isinstance(error, psycopg.errors.ConfigurationLimitExceeded):
        return "It wanted too much room on the disk and was stopped."
    said = error.diag.message_primary or str(error).splitlines()[0]
    return f"{said[:1].upper()}{said[1:300]}" + (
        f" ({error.diag.message_hint[:200]})" if error.diag.message_hint else ""
    )


def line_of(error: psycopg.Error, select: str) -> int:
    """The line of a SELECT, from 1, that an error of PostgreSQL points at; 0 when it points at none.

    PostgreSQL counts characters in the statement as it was sent: inside another SELECT that begins a line before, and
    with its parameters numbered.
    """
    position = error.diag.statement_position
    if position is None:
        return 0
    numbered: dict[str, str] = {}
    sent = _PARAMETER.sub(
        lambda found: numbered.setdefault(found[1], f"${len(numbered) + 1}") if found[1] else "%", select
    )
    return COLUMNS.format(select=sent)[: int(position) - 1].count("\n")


def gone(error: psycopg.Error) -> bool:
    """It is not about the question: the connection, or the server, went away."""
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))

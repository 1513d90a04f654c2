"""Cells of a query result: their kinds, truncated by the database, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import isfinite
from typing import Any

from core.rows import Kind

_NUMERIC = 1700
_KINDS: dict[int, Kind] = {
    16: "boolean",
    20: "number",
    21: "number",
    23: "number",
    26: "number",
    700: "number",
    701: "number",
    _NUMERIC: "number",
    1082: "date",
    1114: "time",
    1184: "time",
    1186: "duration",
    114: "json",
    3802: "json",
}
"""By PostgreSQL's number of the type; any other is text."""

LONGEST_NUMBER = 60
LARGEST, SMALLEST = 1e60, 1e-60
CUT = "…"


def kind(type_code: int) -> Kind:
    return _KINDS.get(type_code, "text")


def clipped(name: str, kind: Kind, most: int) -> str:
    """The expression that gives this column, hardly larger than allowed: one character more tells that it was cut."""
    if kind == "boolean":
        return name
    if kind in ("time", "date"):  # Python's years have four digits, and a zone may move one into the next
        return f"case when extract(year from {name}) between 2 and 9998 then {name} end"
    if kind == "duration":
        return f"case when extract(epoch from {name}) between -8e13 and 8e13 then {name} end"
    return f"left({name}::text, {(LONGEST_NUMBER if kind == 'number' else most) + 1})"


def read(row: Sequence[Any], kinds: Sequence[Kind], most: int) -> tuple[Any, ...]:
    return tuple(_read(cell, kind, most) for cell, kind in zip(row, kinds, strict=True))


def _read(cell: Any, kind: Kind, most: int) -> Any:
    if kind == "number":  # a numeric may have a hundred thousand digits
        return _number(cell)
    if isinstance(cell, str) and len(cell) > most:
        return cell[:most] + CUT
    return cell


def _number(cell: str | None) -> Any:
    """Parse a number. NULL and non-finite values become None; too long, too small or too large ones stay text."""
    if cell is None:
        return None
    if len(cell) > LONGEST_NUMBER:
        return cell[:LONGEST_NUMBER] + CUT
    if cell.lstrip("-").isdigit():
        return int(cell)
    value = float(Decimal(cell))
    if not isfinite(value):
        return None
    return value if value == 0 or SMALLEST < abs(value) < LARGEST else cell

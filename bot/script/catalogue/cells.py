"""One catalogue cell: text parsed to a value, or an error."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from math import isfinite
from typing import Any, Final

Check = Callable[[str], Any]
"""From what stands in the cell to the value; raises ValueError with the reason."""

YES: Final = frozenset({"yes", "y", "true", "1", "sí", "si"})
NO: Final = frozenset({"no", "n", "false", "0"})
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""With one of these at its beginning, a spreadsheet takes a text for a formula."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_RANGE = re.compile(r"([1-7])(?:-([1-7]))?")
LATITUDE: Final = (-90.0, 90.0)
LONGITUDE: Final = (-180.0, 180.0)


def words(longest: int) -> Check:
    """A text that is not too long, and of which all can be seen."""

    def check(cell: str) -> str:
        if _CONTROL.search(cell):
            raise ValueError("holds characters that cannot be seen")
        if len(cell) > longest:
            raise ValueError(f"is longer than {longest} characters")
        return cell

    return check


def matching(pattern: str, told: str) -> Check:
    fits = re.compile(pattern)

    def check(cell: str) -> str:
        if not fits.fullmatch(cell):
            raise ValueError(f"must be {told}, not “{cell[:40]}”")
        return cell

    return check


code: Final = matching(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", "letters, digits, points and dashes, 40 at most")
"""The usual key of a line."""


def number(least: float, most: float) -> Check:
    """A number with a decimal point, or a decimal comma."""

    def check(cell: str) -> float:
        try:
            value = float(cell.replace(",", "."))
        except ValueError:
            raise ValueError(f"must be a number, not “{cell[:40]}”") from None
        if not isfinite(value) or not least <= value <= most:
            raise ValueError(f"must be from {least:g} to {most:g}")
        return value

    return check


def amount(cell: str) -> str:
    """An amount of money, with two decimals at most: kept as it is written, and never a float."""
    found = re.fullmatch(r"([0-9]{1,12})(?:[.,]([0-9]{1,2}))?", cell)
    if not found:
        raise ValueError(f"must be an amount like 125000.50, with two decimals at most, not “{cell[:40]}”")
    return f"{int(found[1])}.{(found[2] or '').ljust(2, '0')}"


def day(cell: str) -> str:
    """A day as 2027-01-31."""
    try:
        return date.fromisoformat(cell).isoformat()
    except ValueError:
        raise ValueError(f"must be a day like 2027-01-31, not “{cell[:40]}”") from None


def whole(least: int, most: int) -> Check:
    """A whole number."""

    def check(cell: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", cell) or not least <= int(cell) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}, not “{cell[:40]}”")
        return int(cell)

    return check


def time(cell: str) -> str:
    """A time of day as 08:00."""
    found = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])", cell)
    if not found or int(found[1]) > 23:
        raise ValueError(f"must be a time like 08:00, not “{cell[:40]}”")
    return f"{int(found[1]):02}:{found[2]}"


def days(cell: str) -> list[int]:
    """Days of the week, 1 Monday to 7 Sunday: “1-5”, “1-5 7”, “1,3,5”."""
    chosen: set[int] = set()
    for part in re.split(r"[\s,]+", cell.strip()):
        found = _RANGE.fullmatch(part)
        if not found or int(found[2] or found[1]) < int(found[1]):
            raise ValueError(f"must be days like 1-5 or 1,3,6 (1 is Monday), not “{cell[:40]}”")
        chosen.update(range(int(found[1]), int(found[2] or found[1]) + 1))
    return sorted(chosen)


def flag(cell: str) -> bool:
    if cell.lower() not in YES | NO:
        raise ValueError(f"must be yes or no, not “{cell[:40]}”")
    return cell.lower() in YES


def shown(value: Any) -> str:
    """The value as a cell that reads back the same, and that no spreadsheet takes for a formula."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    if isinstance(value, str):
        return f"'{value}" if value.startswith((*FORMULA, "'")) else value
    return str(value)


def unquoted(cell: str) -> str:
    """The cell less the apostrophe that kept it from being a formula, and less the space around it."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*FORMULA, "'")) else cell

"""Formatting of values for staff: numbers, durations, times."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

NOTHING = "–"
_UNIT = re.compile(r"(?<=\w)_(at|s|ms|id|share)$")
_SPANS = ((86_400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s"))


def number(value: float) -> str:
    """12,345 · 1,234.5 · 0.25"""
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:,.2f}".rstrip("0").rstrip(".")


def span(seconds: float) -> str:
    """A span of time in its two largest units: 80 ms · 3.2 s · 4 min 5 s · 2 h 10 min · 3 d 4 h"""
    if seconds < 0:
        return f"−{span(-seconds)}"
    if 0 < seconds < 1:
        return f"{max(1, round(seconds * 1000))} ms"
    if seconds < 10:
        return f"{number(round(seconds, 1))} s"
    whole = round(seconds)
    for size, name, smaller, smaller_name in _SPANS:
        if whole >= size:
            rest = whole % size // smaller
            return f"{whole // size} {name}" + (f" {rest} {smaller_name}" if rest else "")
    return f"{whole} s"


def brief(value: float, unit: str = "") -> str:
    """The same beside an axis, where there is little room: 2.5 min · 250 k"""
    if unit in ("s", "ms"):
        seconds = value / (1000 if unit == "ms" else 1)
        size, name = next(((size, name) for size, name, *_ in _SPANS if seconds >= size), (1, ""))
        return f"{number(round(seconds / size, 1))} {name}" if name else span(seconds)
    for size, name in ((1_000_000, "M"), (1000, "k")):
        if value >= max(size, 10_000):
            return f"{number(round(value / size, 1))} {name} {unit}".strip()
    return formatted(value, unit)


def formatted(value: Any, unit: str = "") -> str:
    """A value with its unit: `s` and `ms` are spans of time, `%` a share, anything else stands behind the number."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, timedelta):
        return span(value.total_seconds())
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, int | float):
        return str(value)
    if unit in ("s", "ms"):
        return span(value / (1000 if unit == "ms" else 1))
    return f"{number(value)} {unit}".strip()


def moment(at: datetime, zone: tzinfo = UTC) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %Z")


def ago(at: datetime, now: datetime) -> str:
    """How long ago, or how soon."""
    seconds = (now - at).total_seconds()
    if abs(seconds) < 5:
        return "just now"
    shown = span(abs(seconds)) if abs(seconds) < 3600 else span(abs(seconds) // 60 * 60)
    return f"{shown} ago" if seconds > 0 else f"in {shown}"


def heading(column: str) -> str:
    """A column's name as the head of a table: oldest_s → Oldest, read_share → Read"""
    words = _UNIT.sub("", column).replace("_", " ").strip() or column
    return words[:1].upper() + words[1:]

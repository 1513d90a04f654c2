"""Shared parts of the pages of bookings: whose bookings there are, and how days, sums and contents are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.bookable import Bookable
from dashboard.boards.businesses import Businesses
from dashboard.person import Staff
from dashboard.window import Window

TONES = {"booked": "good", "unknown": "bad", "held": "warn", "done": "good", "waiting": "warn"}
HIDDEN = frozenset({"guest", "name", "units"})
"""Parts of a booking's content that have a place of their own on its page."""
LONGEST, MOST = 300, 31


class Booking:
    """The businesses that book anything."""

    def __init__(self, window: Window):
        self._bookable, self._businesses = window.tools.bookable, Businesses(window.db)

    def ids(self) -> list[str]:
        return sorted(id for menu in self._bookable() for id in self._businesses.of(menu))

    def shown_to(self, staff: Staff) -> bool:
        """Whether this person may see any of them."""
        return any(staff.desks is None or id in staff.desks for id in self.ids())

    def of(self, menu: str) -> Bookable | None:
        """Units of the desk with this menu; None when it is not loaded, or books nothing."""
        return self._bookable().get(menu)


def day(at: datetime, timezone: str) -> str:
    """A day and time where the business is."""
    return f"{at.astimezone(ZoneInfo(timezone)):%a %-d %b %Y, %H:%M}"


def sum_of(amount: Decimal, currency: str) -> str:
    return f"{amount:,.2f} {currency}"


def tone(state: str) -> str:
    return TONES.get(state, "")


def facts(content: object) -> Iterator[tuple[str, str]]:
    """The single values of a content, flat: `late.until` is a value of a part."""
    if not isinstance(content, Mapping):
        return
    for name, value in content.items():
        if name in HIDDEN or value in (None, ""):
            continue
        if isinstance(value, Mapping):
            yield from ((f"{name} {inner}", text) for inner, text in facts(value))
        elif not isinstance(value, list):
            yield _label(name), str(value)[:LONGEST]
        elif value and not isinstance(value[0], Mapping):
            yield _label(name), ", ".join(str(each) for each in value[:MOST])[:LONGEST]


def tables(content: object) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """The lists of a content: what each is called, its columns, and its lines."""
    if not isinstance(content, Mapping):
        return
    for name, value in content.items():
        if isinstance(value, list) and value and all(isinstance(line, Mapping) for line in value):
            columns = [str(column) for column in value[0]]
            lines = [[_cell(line.get(column)) for column in columns] for line in value[:MOST]]
            yield _label(name), columns, lines


def guest(content: object) -> Mapping[str, Any]:
    value = content.get("guest") if isinstance(content, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _label(name: str) -> str:
    return name.replace("_", " ")


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)[:LONGEST]

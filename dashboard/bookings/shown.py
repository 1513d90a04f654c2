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


def facts(content: Mapping[str, Any], shown: Mapping[str, str]) -> list[tuple[str, str]]:
    """The single values among the parts of a content that are shown, each with what it is called."""
    found = [(label, content.get(name)) for name, label in shown.items()]
    parts = [(label, _flat(value)) for label, value in found if not _is_table(value)]
    return [(label, text) for label, text in parts if text]


def tables(content: Mapping[str, Any], shown: Mapping[str, str]) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """The lists among them: what each is called, its columns, and its lines."""
    for name, label in shown.items():
        value: Any = content.get(name)
        if _is_table(value):
            columns = sorted({str(column) for line in value for column in line})
            yield label, columns, [[_flat(line.get(column)) for column in columns] for line in value[:MOST]]


def single(content: Any) -> list[tuple[str, str]]:
    """The texts and numbers of a content that has no parts."""
    known = content if isinstance(content, Mapping) else {}
    plain = [(str(name), value) for name, value in known.items() if isinstance(value, str | int | float) and value]
    return [(name.replace("_", " "), str(value)[:LONGEST]) for name, value in plain if name != "hold"]


def guest(content: object) -> Mapping[str, Any]:
    value = content.get("guest") if isinstance(content, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(line, Mapping) for line in value)


def _flat(value: Any) -> str:
    """A value as text: of a part with parts, each with its name."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_flat(part)}" for name, part in value.items())[:LONGEST]
    if isinstance(value, list):
        return ", ".join(map(_flat, value))[:LONGEST]
    return "" if value is None else str(value)[:LONGEST]

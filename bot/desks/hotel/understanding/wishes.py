"""The wish for a stay that a message tells: its days, nights and people, each as a guess; `unsure` where it must be asked."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from bot.desks.hotel.house import written
from bot.desks.hotel.understanding import dates, people
from bot.nlu.message import Message
from core.reading import Expectation, Guess

SURE: Final = 90
_CHECKED: Final = frozenset({"too_long"})
"""Stays that were understood, and that the desk refuses in words of its own, by its own settings."""
REASONS: Final = (
    "ambiguous", "past", "backwards", "no_such_day", "weekday", "weekend", "long_weekend", "holiday", "week", "month", "about",
    "days", "several", "nights", "more_nights", "unclear", "people", "adults", "ages", "total", "split", "many",
)  # fmt: skip
"""Why something of a stay must be asked for: each has a phrase."""
_DAYS: Final = frozenset({"arrives", "leaves"})


def found_in(message: Message, expects: Expectation, *, moved: bool = False) -> dict[str, Guess]:
    """Everything of a stay in a text; `moved`: a number of nights is how far a booking is moved."""
    found = {**_days(message, expects, moved=moved), **_people(message, expects)}
    return {name: Guess(value, SURE, "rules") for name, value in found.items()}


def _days(message: Message, expects: Expectation, *, moved: bool) -> dict[str, Any]:
    if expects.today is None:
        return {}
    asked = expects.slot if expects.kind == "slot" and expects.slot in _DAYS else ""
    read = dates.read(message.text, expects.today, expects.language, asked=asked, bare=not expects.options)
    if read.unsure and read.unsure not in _CHECKED:
        return {"unsure": read.unsure}
    found: dict[str, Any] = {name: _iso(getattr(read, name)) for name in sorted(_DAYS) if getattr(read, name)}
    if not found and read.unsure:
        return {"unsure": read.unsure} if read.nights is None else {"nights": read.nights}
    return found | ({"nights": read.nights} if read.nights and not moved and len(found) < len(_DAYS) else {})


def _people(message: Message, expects: Expectation) -> dict[str, Any]:
    read = people.read(message.text, expects.language, asked=expects.kind == "slot" and expects.slot == "parties")
    if read.parties:
        return {"parties": written.of_parties(read.parties)}
    return {"unsure": read.unsure} if read.unsure else {}


def _iso(day: date) -> str:
    return day.isoformat()

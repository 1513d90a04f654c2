"""Six kinds of guests, told apart by their booking: each is thanked in its own words and shown its own review platforms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from bot.desks.hotel.after.settings import AfterSettings
from bot.desks.hotel.house import written
from bot.desks.hotel.house.port import Stay

Booking = Mapping[str, Any]
NAMES: Final = {
    "google": "Google",
    "tripadvisor": "Tripadvisor",
    "booking": "Booking.com",
    "facebook": "Facebook",
    "expedia": "Expedia",
}
PLATFORMS: Final = {
    "business": ("google", "tripadvisor"),
    "family": ("tripadvisor", "booking"),
    "couple": ("google", "tripadvisor"),
    "solo": ("google", "booking"),
    "group": ("tripadvisor", "facebook"),
    "vip": ("google", "tripadvisor", "booking"),
}
WORKING_NIGHTS: Final = frozenset({1, 2, 3, 4, 7})
"""Nights before a working day: from Sunday to Thursday."""
MOST_WORKING: Final = 4


def of(booking: Booking, mine: Sequence[Booking], settings: AfterSettings, today: date) -> str:
    """The kind of guest; `mine` are all the bookings of the same person that are known."""
    stay, parties = written.stay(booking), written.parties(booking["parties"])
    people = sum(party.people for party in parties)
    if settings.vip_stays and _stays(mine, today) >= settings.vip_stays:
        return "vip"
    if any(party.ages for party in parties):
        return "family"
    if people > 2:
        return "group"
    if people == 1:
        return "business" if _is_for_work(stay) else "solo"
    return "couple"


def _stays(mine: Sequence[Booking], today: date) -> int:
    return sum(each["state"] == "booked" and written.stay(each).leaves <= today for each in mine)


def _is_for_work(stay: Stay) -> bool:
    return stay.nights <= MOST_WORKING and all(night.isoweekday() in WORKING_NIGHTS for night in stay.days)


def links(segment: str, settings: AfterSettings) -> list[str]:
    """A line for each platform of these guests that the hotel is on; of every platform, where it is on none of those."""
    return list(_lines(PLATFORMS[segment], settings)) or list(_lines(tuple(NAMES), settings))


def _lines(platforms: tuple[str, ...], settings: AfterSettings) -> Iterator[str]:
    for platform in platforms:
        if link := getattr(settings, f"review_{platform}"):
            yield f"{NAMES[platform]}: {link}"

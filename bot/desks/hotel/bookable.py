"""Rooms as staff see them in the window: which they are, and the words with which a booking asks reception for a look."""

from __future__ import annotations

from typing import Final

from core.bookable import Bookable

BOOKABLE: Final = Bookable(
    units="rooms",
    resource="type",
    shown={"parties": "People in each room", "nights": "Nights", "late": "Leaves late", "why": "Why it failed"},
    attention={
        "another_price": "the house booked it at another price than the guest was told. Honour the price that was told, or agree"
        " on the new one with the guest, and put it right in the house's system.",
        "another_stay": "the house booked other days or another kind of room. Put it right there before the guest arrives, and"
        " tell the guest if that cannot be.",
        "overbooked": "the house gave out more rooms of this kind than it has. Find another room, or another house, before the"
        " guest arrives.",
        "booked_twice": "the house has two bookings of this stay. Cancel one of them there: the guest wants one.",
    },
)

"""The port: everything a hotel desk may ask of the house behind it, and the values that go through.

Adapters keep the limit of each call by themselves. They raise `Rejected` with `told={"why": …}` for the house's own no
(`Why`), a Retryable where nothing has happened, and `Undecided` where it may have. Whatever fails is raised: the breaker
of the house counts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol

Why = Literal[
    "sold_out",  # no room of the kind is free
    "taken",  # somebody else has just been given it
    "does_not_fit",  # more people than the room takes
    "no_price",  # the house has no rate for these nights
    "too_short",  # a rate wants more nights
    "closed",  # the house is closed on some of the nights
    "price_changed",  # the price is another one now; `quote` has it
    "quote_over",  # the quote was good until some time ago
    "hold_lost",  # its time was over, and somebody else may have it
    "not_found",  # no such booking of this person
    "too_late",  # the policy of the house does not allow it any more
    "not_booked",  # reception looked: nothing had happened
    "by_hand",  # only a person of the house can do it
]
"""Why a house, or the desk on its behalf, says no."""
State = Literal["booked", "cancelled"]


@dataclass(frozen=True, slots=True)
class Party:
    """The people of one room."""

    adults: int = 2
    ages: tuple[int, ...] = ()
    """The age of each child."""

    @property
    def people(self) -> int:
        return self.adults + len(self.ages)


@dataclass(frozen=True, slots=True)
class Stay:
    """From the day of arrival to the day of departure, in the house's own days."""

    arrives: date
    leaves: date

    @property
    def nights(self) -> int:
        return (self.leaves - self.arrives).days

    @property
    def days(self) -> tuple[date, ...]:
        """The day on which each night begins."""
        return tuple(self.arrives + timedelta(days=number) for number in range(self.nights))

    def moved(self, by: int) -> Stay:
        """The same stay, so many days later."""
        return Stay(self.arrives + timedelta(days=by), self.leaves + timedelta(days=by))


@dataclass(frozen=True, slots=True)
class Wish:
    """A stay for somebody: a room for each party, of one kind where one was named."""

    stay: Stay
    parties: tuple[Party, ...]
    room: str = ""
    but: str = ""
    """The key of a hold whose rooms count as free: of the booking that would be changed."""


@dataclass(frozen=True, slots=True)
class RoomType:
    """One kind of room."""

    code: str
    name: str
    sleeps: int
    """Most people in it, children included."""
    adults: int
    """Most of them that are no children."""
    text: str = ""
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Night:
    """The price of one night in all rooms of an offer, and the tax that comes on top."""

    day: date
    price: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Offer:
    """Rooms of one kind for a wish, as the house offers them now."""

    room: str
    name: str
    stay: Stay
    parties: tuple[Party, ...]
    nights: tuple[Night, ...]
    currency: str
    left: int
    """How many rooms of the kind are free through the whole stay."""

    @property
    def tax(self) -> Decimal:
        return sum((night.tax for night in self.nights), Decimal(0))

    @property
    def total(self) -> Decimal:
        """All of it, with tax."""
        return sum((night.price for night in self.nights), self.tax)


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search: offers, cheapest first; and why there are none."""

    offers: tuple[Offer, ...] = ()
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Free:
    """The rooms of a kind that are free through a whole stay, as the house knows it at this moment."""

    units: tuple[str, ...]
    counted: bool
    """Whether the house gives rooms out by itself: then only their number means something."""


@dataclass(frozen=True, slots=True)
class Guest:
    name: str
    email: str = ""
    phone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A booking to be made, at the price that was quoted."""

    key: str
    """Ours: whoever finds it in the house finds the booking."""
    room: str
    stay: Stay
    parties: tuple[Party, ...]
    units: tuple[str, ...]
    """The rooms that are held for it."""
    total: Decimal
    tax: Decimal
    currency: str
    guest: Guest
    hold: str = ""
    """The key of the hold."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking as the house has it. `attention` is a word for what reception must look at, such as another price."""

    key: str
    reference: str
    room: str
    stay: Stay
    total: Decimal
    currency: str
    units: tuple[str, ...] = ()
    state: State = "booked"
    attention: str = ""
    hold: str = ""


@dataclass(frozen=True, slots=True)
class Late:
    """A room that may be left later on the last day, and the fee for that."""

    until: datetime
    fee: Decimal
    currency: str


class House(Protocol):
    """A system that knows rooms, prices and bookings. Every call keeps `limit_s` by itself."""

    source: str
    """The place where its answers are read, as quotes name it: `house book`, `qloapps`."""
    far: bool
    """Whether it is asked over a network."""

    def rooms(self, limit_s: float) -> Sequence[RoomType]:
        """The kinds of rooms that it has."""
        ...

    def search(self, wish: Wish, limit_s: float) -> Found:
        """Offers for a wish, read now."""
        ...

    def free(self, room: str, stay: Stay, limit_s: float) -> Free:
        """The rooms of a kind that could be held, read now."""
        ...

    def book(self, order: Order, limit_s: float) -> Booked:
        """Book what is held, at the price that was quoted or not at all."""
        ...

    def find(self, key: str, limit_s: float) -> Booked | None:
        """The booking that was made under our key; None when there is none."""
        ...

    def change(self, booked: Booked, order: Order, limit_s: float) -> Booked:
        """Another stay, party or price for a booking, all of it or nothing."""
        ...

    def cancel(self, booked: Booked, limit_s: float) -> Booked:
        """Cancel a booking; one that is cancelled already stays so."""
        ...

    def late(self, booked: Booked, until: datetime, limit_s: float) -> Late:
        """Whether the room may be left later, and for how much. Raises Rejected where the next guest needs it."""
        ...

    def stay_late(self, booked: Booked, late: Late, limit_s: float) -> Booked:
        """Leave later, at that fee."""
        ...

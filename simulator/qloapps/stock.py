"""The rooms and orders of the double. Like the original, it looks for a free room and takes it in two steps, and keeps no
key of whoever asks: the same order twice is two orders, and orders that come at once get one room."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from threading import Event, Lock

CANCELLED = 4
BETWEEN_S = 0.02
"""So long the original takes between looking and taking."""
FOUR_FIFTHS = Decimal("0.8")


class SoldOut(Exception):
    """No room of the kind is free."""


@dataclass(frozen=True, slots=True)
class Kind:
    id: int
    name: str
    rooms: tuple[int, ...]
    price: Decimal = Decimal(1250)
    tax: Decimal = Decimal(50)
    """A night without tax, and the tax on top."""
    most_adults: int = 2
    most_people: int = 4


@dataclass(slots=True)
class Order:
    id: int
    source: str
    kind: int
    arrives: date
    leaves: date
    rooms: list[int]
    people: list[tuple[int, int]]
    total: Decimal
    tax: Decimal
    state: int = 1

    def during(self, arrives: date, leaves: date) -> bool:
        return self.state != CANCELLED and self.arrives < leaves and arrives < self.leaves


@dataclass(slots=True)
class Stock:
    kinds: dict[int, Kind]
    currency: str = "USD"
    orders: dict[int, Order] = field(default_factory=dict)
    price_factor: Decimal = Decimal(1)
    _ids: count[int] = field(default_factory=lambda: count(1))
    _lock: Lock = field(default_factory=Lock)
    _pause: Event = field(default_factory=Event)

    @classmethod
    def small(cls, rooms: int = 5) -> Stock:
        kinds = (
            Kind(1, "General Rooms", tuple(range(1, rooms + 1))),
            Kind(2, "Suites", (90,), Decimal(3000), Decimal(120)),
        )
        return cls({kind.id: kind for kind in kinds})

    def free(self, kind: Kind, arrives: date, leaves: date) -> list[int]:
        taken = {room for order in list(self.orders.values()) if order.during(arrives, leaves) for room in order.rooms}
        return [room for room in kind.rooms if room not in taken]

    def price(self, kind: Kind, nights: int) -> tuple[Decimal, Decimal]:
        """Without tax, and with it."""
        price = kind.price * nights * self.price_factor
        return price, price + kind.tax * nights * self.price_factor

    def order(self, made: Order, *, overbook: bool = False) -> Order:
        """Look, and then take: whoever looks in between finds the same rooms."""
        kind = self.kinds[made.kind]
        free = list(kind.rooms) if overbook else self.free(kind, made.arrives, made.leaves)
        if len(free) < len(made.people):
            raise SoldOut
        self._pause.wait(BETWEEN_S)
        made.rooms = free[: len(made.people)]
        with self._lock:
            made.id = next(self._ids)
            self.orders[made.id] = made
        return made

    def by_source(self, source: str) -> list[Order]:
        return [order for order in list(self.orders.values()) if order.source == source]

    def doubled(self) -> list[tuple[int, int]]:
        """Rooms that two orders have at once, with the night as an ordinal."""
        seen: set[tuple[int, int]] = set()
        twice = []
        for order in self.orders.values():
            for room in order.rooms if order.state != CANCELLED else ():
                for night in range((order.leaves - order.arrives).days):
                    place = (room, (order.arrives + timedelta(days=night)).toordinal())
                    (twice.append(place) if place in seen else seen.add(place))
        return twice

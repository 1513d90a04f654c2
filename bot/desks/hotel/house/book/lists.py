"""Lists of the house, read from its catalogue, and the prices that follow from them. Pure but for `read`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.desks.hotel.house import money
from bot.desks.hotel.house.port import Night, Party, RoomType, Stay, Why
from bot.script.catalogue.kind import Line
from core.store import catalogue
from core.store.db import Tx


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of a kind of room in a season."""

    room: str
    first: date
    last: date
    price: Decimal
    tax_percent: Decimal
    included: int
    extra_adult: Decimal
    extra_child: Decimal
    least_nights: int
    days: frozenset[int]

    @classmethod
    def of(cls, line: Line) -> Rate:
        return cls(
            line["type"],
            date.fromisoformat(line["from"]),
            date.fromisoformat(line["to"]),
            Decimal(line["price"]),
            Decimal(str(line["tax_percent"])),
            line["included"],
            Decimal(line["extra_adult"]),
            Decimal(line["extra_child"]),
            line["least_nights"],
            frozenset(line["days"]),
        )

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last and day.isoweekday() in self.days

    def price_for(self, party: Party, child_to: int) -> Decimal:
        """One night in one room. Included are adults first; a child that is too old counts as an adult."""
        grown = adults(party, child_to)
        more_adults = max(0, grown - self.included)
        children = party.people - grown
        more_children = max(0, children - max(0, self.included - grown))
        return self.price + more_adults * self.extra_adult + more_children * self.extra_child


@dataclass(frozen=True, slots=True)
class Closed:
    room: str
    first: date
    last: date

    def during(self, stay: Stay) -> bool:
        return any(self.first <= day <= self.last for day in stay.days)


@dataclass(frozen=True, slots=True)
class Lists:
    """Everything that the house has written down of itself."""

    types: tuple[RoomType, ...]
    rooms: tuple[tuple[str, str], ...]
    """Each room's number and kind."""
    rates: tuple[Rate, ...]
    closed: tuple[Closed, ...]
    currency: str
    child_to: int

    def units(self, room: str, stay: Stay) -> Sequence[str]:
        """Rooms of a kind that are not closed on any of the nights."""
        shut = {each.room for each in self.closed if each.during(stay)}
        return [] if "" in shut else [number for number, kind in self.rooms if kind == room and number not in shut]

    def is_closed(self, stay: Stay) -> bool:
        return any(not each.room and each.during(stay) for each in self.closed)

    def fits(self, kind: RoomType, parties: Iterable[Party]) -> bool:
        return all(
            party.people <= kind.sleeps and 1 <= adults(party, self.child_to) <= kind.adults for party in parties
        )

    def nights(self, room: str, stay: Stay, parties: Sequence[Party]) -> tuple[Night, ...] | Why:
        """The price of each night; or why there is none."""
        first = self._rate(room, stay.arrives)
        if first is not None and stay.nights < first.least_nights:
            return "too_short"
        found = []
        for day in stay.days:
            rate = self._rate(room, day)
            if rate is None:
                return "no_price"
            found.append(self._night(day, rate, parties))
        return tuple(found)

    def _night(self, day: date, rate: Rate, parties: Sequence[Party]) -> Night:
        price = sum((rate.price_for(party, self.child_to) for party in parties), Decimal(0))
        price = money.rounded(price, self.currency)
        return Night(day, price, money.percent(price, rate.tax_percent, self.currency))

    def _rate(self, room: str, day: date) -> Rate | None:
        """The narrowest rate of the kind that covers the night: a long weekend is inside its season."""
        covering = [rate for rate in self.rates if rate.room == room and rate.covers(day)]
        return min(covering, key=lambda rate: (rate.last - rate.first, len(rate.days)), default=None)


def adults(party: Party, child_to: int) -> int:
    """Adults of a party, and children who are too old to be any."""
    return party.adults + sum(age > child_to for age in party.ages)


def read(tx: Tx, desk_id: str, *, currency: str, child_to: int) -> Lists:
    """As they stand now: never from a cache."""
    found = {kind: catalogue.all_of(tx, desk_id, kind) for kind in ("room_types", "rooms", "rates", "closed")}
    return of_catalogue(found, currency=currency, child_to=child_to)


def of_catalogue(found: Mapping[str, Sequence[Line]], *, currency: str, child_to: int) -> Lists:
    """The lists that lines of a catalogue tell."""
    return Lists(
        tuple(_type(line) for line in found["room_types"]),
        tuple((line["number"], line["type"]) for line in found["rooms"]),
        tuple(map(Rate.of, found["rates"])),
        tuple(
            Closed(line["room"], date.fromisoformat(line["from"]), date.fromisoformat(line["to"]))
            for line in found["closed"]
        ),
        currency,
        child_to,
    )


def _type(line: Line) -> RoomType:
    return RoomType(line["code"], line["name"], line["sleeps"], line["adults"], line["text"], line["photo"])

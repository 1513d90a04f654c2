"""QloApps as a house. Its web service has no idempotency key, may book and answer 500, or answer 200 and not book; it gives
one room to several who ask at once, and books at another price unless it is told one. Each of that is met here:

* every booking carries our key as its source, and whoever does not know what became of it looks for that;
* one booking at a time, after rooms and price were read anew, and only a booking that can be read back has happened;
* another room, price or second booking than it should be is marked for reception, and never told as if all were well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from time import monotonic

from bot.desks.hotel.house import money
from bot.desks.hotel.house.book.book import no
from bot.desks.hotel.house.counter import Counter
from bot.desks.hotel.house.port import Booked, Found, Free, Late, Night, Offer, Order, Party, RoomType, Stay, Wish
from bot.desks.hotel.house.qloapps import wire
from bot.desks.hotel.house.qloapps.http import Http
from bot.desks.hotel.house.qloapps.wire import Available, Made, Strange
from bot.desks.hotel.house.settings import HouseSettings
from core.errors import Permanent, Retryable, Undecided, Unreachable
from core.session import Desk
from core.store.db import Database

LEFT_TO_READ_S = 4.0
"""Of the time of a booking, what is kept for reading it back."""
NOBODY = "guests.invalid"


class QloApps:
    source = "qloapps"
    far = True

    def __init__(self, settings: HouseSettings, desk: Desk, key: str, db: Database):
        self._http, self._hotel = Http(settings.house_url, key), settings.house_id
        self._settings, self._counter = settings, Counter(db, desk.id)

    def rooms(self, limit_s: float) -> Sequence[RoomType]:
        raise no("by_hand")

    def search(self, wish: Wish, limit_s: float) -> Found:
        kinds = self._available(wish.stay, wish, limit_s)
        if not kinds or not any(kind.units for kind in kinds):
            return Found(why="sold_out")
        fitting = [kind for kind in kinds if kind.units and self._fits(kind, wish)]
        offers = [self._offer(kind, wish) for kind in fitting if len(kind.units) >= len(wish.parties)]
        if offers:
            return Found(tuple(sorted(offers, key=lambda offer: offer.total)))
        return Found(why="sold_out" if fitting else "does_not_fit")

    def _available(self, stay: Stay, wish: Wish, limit_s: float) -> tuple[Available, ...]:
        body = wire.ask_availability(self._hotel, stay, wish.parties, wish.room)
        return self._http.read(lambda: self._http.post_xml("hotel_ari", body, limit_s), wire.availability)

    def _fits(self, kind: Available, wish: Wish) -> bool:
        return all(
            party.people <= kind.most_people
            and 1 <= party.adults + sum(age > self._settings.child_to for age in party.ages) <= kind.most_adults
            for party in wish.parties
        )

    def _offer(self, kind: Available, wish: Wish) -> Offer:
        """The house tells one price for the stay: a night is its part, and the parts make the whole."""
        nights, currency = wish.stay.nights, kind.currency
        rooms = len(wish.parties)
        prices = money.split(kind.total * rooms, nights, currency)
        taxes = money.split((kind.total_with_tax - kind.total) * rooms, nights, currency)
        told = tuple(Night(*each) for each in zip(wish.stay.days, prices, taxes, strict=True))
        return Offer(kind.room, kind.name, wish.stay, wish.parties, told, currency, len(kind.units))

    def free(self, room: str, stay: Stay, limit_s: float) -> Free:
        kinds = self._available(stay, Wish(stay, (Party(),), room), limit_s)
        return Free(next((kind.units for kind in kinds if kind.room == room), ()), counted=True)

    def book(self, order: Order, limit_s: float) -> Booked:
        until = monotonic() + limit_s
        with self._counter.turn(order.key, wait_s=limit_s / 3, for_s=limit_s + 1):
            before = self._checked(order, (until - monotonic()) / 2)
            made = self._post(order, until - monotonic() - LEFT_TO_READ_S)
            return self._verified(order, made, before, until)

    def _checked(self, order: Order, limit_s: float) -> Available:
        """Rooms and price as they are at this moment: nothing has happened yet, whatever comes of it."""
        wish = Wish(order.stay, order.parties, order.room)
        kinds = [kind for kind in self._available(order.stay, wish, limit_s) if kind.room == order.room]
        if not kinds or len(kinds[0].units) < len(order.parties):
            raise no("sold_out")
        [kind] = kinds
        if not self._fits(kind, wish):
            raise no("does_not_fit")
        offer = self._offer(kind, wish)
        if (offer.total, offer.currency) != (order.total, order.currency):
            raise no("price_changed")
        return kind

    def _post(self, order: Order, limit_s: float) -> Made:
        body = wire.booking_of(order, self._hotel, self._email(order))
        status, answer = self._http.send("POST", "bookings", body, limit_s)
        try:
            return wire.made(answer)
        except Strange as strange:
            refused = wire.refusal(answer)
            if status == 400 and refused is not None:
                raise no("sold_out" if refused.sold_out else "by_hand") from refused
            raise Undecided(f"the house answered {status}: {strange}") from strange

    def _verified(self, order: Order, made: Made, before: Available, until: float) -> Booked:
        """As the house has it, read back by its number. Not to be found: nobody knows."""
        try:
            found = self._read(made.id, until - monotonic())
        except (Retryable, Permanent) as error:
            raise Undecided(f"it could not be read back: {error}") from error
        if found is None:
            raise Undecided("the house says that it booked, and does not have it")
        booked = self._booked(order.key, found)
        return replace(booked, attention=_attention(order, found, before), hold=order.hold)

    def _read(self, id: str, limit_s: float) -> Made | None:
        status, answer = self._http.get(f"bookings/{id}", {}, limit_s)
        return None if status == 404 else self._http.read(lambda: (status, answer), wire.made)

    def find(self, key: str, limit_s: float) -> Booked | None:
        until = monotonic() + limit_s
        asked = {"filter[source]": wire.SOURCE + key, "display": "[id,reference,current_state,total_paid]"}
        found = self._http.read(lambda: self._http.get("orders", asked, limit_s), wire.orders)
        if not found:
            return None
        standing = [order for order in found if order[1] != wire.CANCELLED_ORDER] or list(found)
        id, state = standing[0]
        made = self._read(id, until - monotonic())
        if made is None:
            raise Unreachable("the house has an order without a booking")
        booked = replace(self._booked(key, made), attention="booked_twice" if len(standing) > 1 else "")
        return replace(booked, state="cancelled") if state == wire.CANCELLED_ORDER else booked

    def cancel(self, booked: Booked, limit_s: float) -> Booked:
        until = monotonic() + limit_s
        now = self.find(booked.key, limit_s / 3)
        if now is None:
            raise no("not_found")
        if now.state == "cancelled":
            return now
        made = Made(now.reference, "", now.room, now.stay, now.units, now.total, now.currency)
        body = wire.cancelling(made, self._hotel, f"{_digest(booked.key)}@{NOBODY}")
        status, answer = self._http.send("PUT", f"bookings/{made.id}", body, (until - monotonic()) / 2)
        after = self._cancelled(booked.key, until - monotonic())
        if after is not None:
            return after
        raise no("by_hand") if status == 400 and wire.refusal(answer) else Undecided(f"the house answered {status}")

    def _cancelled(self, key: str, limit_s: float) -> Booked | None:
        try:
            found = self.find(key, limit_s)
        except Retryable as error:
            raise Undecided("whether it is cancelled could not be read") from error
        return found if found is not None and found.state == "cancelled" else None

    def change(self, booked: Booked, order: Order, limit_s: float) -> Booked:
        raise no("by_hand")

    def late(self, booked: Booked, until: datetime, limit_s: float) -> Late:
        raise no("by_hand")

    def stay_late(self, booked: Booked, late: Late, limit_s: float) -> Booked:
        raise no("by_hand")

    def _booked(self, key: str, made: Made) -> Booked:
        return Booked(key, made.id, made.room, made.stay, made.total, made.currency, made.units)

    def _email(self, order: Order) -> str:
        """An address that the house accepts: one that it does not is a fatal error with status 200."""
        email = order.guest.email.strip()
        plain = email.isascii() and email.count("@") == 1 and not any(c.isspace() or c in "<>\"'(),;:" for c in email)
        name, _, domain = email.partition("@")
        sound = plain and 0 < len(name) <= 64 and "." in domain.strip(".") and len(email) <= 120
        return email if sound else f"{_digest(order.key)}@{NOBODY}"


def _attention(order: Order, made: Made, before: Available) -> str:
    """A word for reception when the booking is not the one that was asked for."""
    if (made.total, made.currency) != (order.total, order.currency):
        return "another_price"
    if (made.room, made.stay) != (order.room, order.stay):
        return "another_stay"
    if len(set(made.units)) != len(order.parties) or not set(made.units) <= set(before.units):
        return "overbooked"
    return ""


def _digest(key: str) -> str:
    return blake2b(key.encode(), digest_size=8).hexdigest()

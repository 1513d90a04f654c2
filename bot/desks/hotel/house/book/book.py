"""The house book at work: rooms and rates are its catalogue, who is where is `holds`, and bookings are `bookings`.

A booking and its rooms are one transaction, so that there is no moment in which nobody knows: an outcome is never unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.desks.hotel.house import numbers, policy, written
from bot.desks.hotel.house.book import lists
from bot.desks.hotel.house.book.lists import Lists
from bot.desks.hotel.house.days import Days
from bot.desks.hotel.house.port import Booked, Found, Free, Late, Offer, Order, RoomType, Stay, Why, Wish
from bot.desks.hotel.house.settings import HouseSettings
from core.errors import Rejected
from core.session import Desk
from core.store.db import Database, Tx
from core.store.promises import bookings, holds
from core.store.promises.holds import Period, Wanted
from core.store.promises.rows import Booking

SOURCE = "house book"
MOVING_S = 60.0
"""Rooms in the place of others are held so long at most, within one transaction."""
SAID_BEFORE: Sequence[Why] = ("closed", "does_not_fit", "sold_out", "too_short", "no_price")
"""Of several reasons why there is no offer, the first of these is told."""


def first_of(reasons: Sequence[Why]) -> Why:
    """The reason that is told."""
    return min(reasons, key=SAID_BEFORE.index, default="sold_out")


def no(why: Why, **more: object) -> Rejected:
    """The house's own no."""
    return Rejected(why, told={"why": why, **more})


class HouseBook:
    source = SOURCE
    far = False

    def __init__(self, db: Database, desk: Desk, settings: HouseSettings):
        self._db, self._desk, self._settings = db, desk, settings
        self._days = Days.of(desk, settings)

    def rooms(self, limit_s: float) -> Sequence[RoomType]:
        with self._db.transaction() as tx:
            return self._lists(tx).types

    def search(self, wish: Wish, limit_s: float) -> Found:
        with self._db.transaction() as tx:
            listed = self._lists(tx)
            taken = holds.taken(tx, self._desk.id, self._days.period(wish.stay), but=wish.but)
        kinds = [kind for kind in listed.types if wish.room in ("", kind.code)]
        told = [self._offer(listed, kind, wish, taken) for kind in kinds]
        offers = sorted((each for each in told if isinstance(each, Offer)), key=lambda offer: offer.total)
        reasons = [each for each in told if not isinstance(each, Offer)]
        return Found(tuple(offers), None if offers else first_of(reasons))

    def _offer(self, listed: Lists, kind: RoomType, wish: Wish, taken: set[tuple[str, str]]) -> Offer | Why:
        if not listed.fits(kind, wish.parties):
            return "does_not_fit"
        if listed.is_closed(wish.stay):
            return "closed"
        nights = listed.nights(kind.code, wish.stay, wish.parties)
        if isinstance(nights, str):
            return nights
        left = sum((kind.code, unit) not in taken for unit in listed.units(kind.code, wish.stay))
        if left < len(wish.parties):
            return "sold_out"
        return Offer(kind.code, kind.name, wish.stay, wish.parties, nights, listed.currency, left)

    def free(self, room: str, stay: Stay, limit_s: float) -> Free:
        """All its rooms that are not closed: which of them somebody has, the hold finds out by itself."""
        with self._db.transaction() as tx:
            return Free(tuple(self._lists(tx).units(room, stay)), counted=False)

    def book(self, order: Order, limit_s: float) -> Booked:
        with self._db.transaction() as tx:
            known = bookings.lock(tx, self._desk.id, order.key)
            if known is not None and known.state == "booked":
                return self._booked(known)
            self._check_price(tx, order)
            held = holds.book(tx, self._desk.id, order.hold)
            if len(held) != len(order.parties):
                raise no("hold_lost")
            reference = numbers.made(order.key)
            bookings.settle(
                tx, self._desk.id, order.key, "booked", reference=reference, units=[hold.unit for hold in held]
            )
            return self._found(tx, order.key)

    def _check_price(self, tx: Tx, order: Order) -> None:
        nights = self._lists(tx).nights(order.room, order.stay, order.parties)
        if isinstance(nights, str):
            raise no(nights)
        total = sum((night.price + night.tax for night in nights), Decimal(0))
        if total != order.total:
            raise no("price_changed")

    def find(self, key: str, limit_s: float) -> Booked | None:
        with self._db.transaction() as tx:
            known = bookings.by_key(tx, self._desk.id, key)
        return self._booked(known) if known and known.state in ("booked", "cancelled") else None

    def change(self, booked: Booked, order: Order, limit_s: float) -> Booked:
        """All of it or nothing. The guest keeps the rooms that were given, where these can be had for the new stay."""
        with self._db.transaction() as tx:
            self._check_price(tx, order)
            units = self._units_for(tx, booked, order)
            bookings.move(
                tx, self._desk.id, booked.key, self._days.period(order.stay), order.total, resource=order.room,
                units=units,
            )  # fmt: skip
            return self._found(tx, booked.key)

    def _units_for(self, tx: Tx, booked: Booked, order: Order) -> list[str]:
        period, listed = self._days.period(order.stay), self._lists(tx).units(order.room, order.stay)
        if not listed:
            raise no("closed")
        taken = holds.taken(tx, self._desk.id, period, resource=order.room, but=booked.hold)
        same = order.room == booked.room and len(order.parties) == len(booked.units)
        if same and set(booked.units) <= {unit for unit in listed if (order.room, unit) not in taken}:
            _moved(tx, self._desk.id, booked.hold, period)
            return list(booked.units)
        return self._other_units(tx, booked, Wanted(
            self._desk.id, order.room, listed, period, booked.hold, len(order.parties),
        ))  # fmt: skip

    def _other_units(self, tx: Tx, booked: Booked, wanted: Wanted) -> list[str]:
        """Rooms that others do not have, in the place of those that were booked."""
        owner = self._row(tx, booked.key).conversation_id
        holds.cancel(tx, self._desk.id, booked.hold)
        if not holds.take(tx, wanted, for_s=MOVING_S, conversation_id=owner):
            raise no("taken")
        return [hold.unit for hold in holds.book(tx, self._desk.id, booked.hold)]

    def cancel(self, booked: Booked, limit_s: float) -> Booked:
        with self._db.transaction() as tx:
            holds.cancel(tx, self._desk.id, booked.hold)
            bookings.settle(tx, self._desk.id, booked.key, "cancelled")
            return self._found(tx, booked.key)

    def late(self, booked: Booked, until: datetime, limit_s: float) -> Late:
        with self._db.transaction() as tx:
            if until > self._days.moment(booked.stay.leaves, self._days.late_to):
                raise no("too_late")
            stays = self._until_ready(booked, until)
            if holds.taken(tx, self._desk.id, stays, but=booked.hold) & {(booked.room, unit) for unit in booked.units}:
                raise no("taken")
            known = self._row(tx, booked.key)
            often = bookings.stays_before(tx, self._desk.id, known.key) if self._settings.late_free_stays else 0
        fee = policy.leaving_late(known.resource, often, known.content["nights"][-1], known.currency, self._settings)
        return Late(until, fee, known.currency)

    def _until_ready(self, booked: Booked, until: datetime) -> Period:
        """From arrival until the room is ready for somebody else."""
        return Period(self._days.period(booked.stay).lower, until + timedelta(hours=self._settings.cleaning_h))

    def stay_late(self, booked: Booked, late: Late, limit_s: float) -> Booked:
        now = self.late(booked, late.until, limit_s)
        if now.fee != late.fee:
            raise no("price_changed", late=written.of_late(now))
        with self._db.transaction() as tx:
            known = self._row(tx, booked.key)
            _moved(tx, self._desk.id, booked.hold, self._until_ready(booked, late.until))
            paid = Decimal((known.content.get("late") or {}).get("fee", 0))
            told = {"until": late.until.isoformat(), "fee": str(late.fee)}
            bookings.move(
                tx, self._desk.id, booked.key, Period(known.lower, late.until), known.amount - paid + late.fee,
                late=told,
            )  # fmt: skip
            return self._found(tx, booked.key)

    def _lists(self, tx: Tx) -> Lists:
        s = self._settings
        return lists.read(tx, self._desk.id, currency=s.currency, child_to=s.child_to)

    def _row(self, tx: Tx, key: str) -> Booking:
        known = bookings.by_key(tx, self._desk.id, key)
        if known is None:
            raise no("not_found")
        return known

    def _found(self, tx: Tx, key: str) -> Booked:
        return self._booked(self._row(tx, key))

    def _booked(self, known: Booking) -> Booked:
        return booked_of(known, self._days)


def booked_of(known: Booking, days: Days) -> Booked:
    """A row of ours as the port knows a booking."""
    made = Booked(
        known.key,
        known.reference,
        known.resource,
        days.stay(known.lower, known.upper),
        known.amount,
        known.currency,
        tuple(known.content.get("units", ())),
        attention=known.attention,
        hold=known.hold_key,
    )
    return replace(made, state="cancelled") if known.state == "cancelled" else made


def _moved(tx: Tx, desk_id: str, hold: str, period: Period) -> None:
    if not holds.move(tx, desk_id, hold, period):
        raise no("hold_lost")

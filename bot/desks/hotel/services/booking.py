"""Service `booking`: books, changes and cancels at the house, each once for its key.

Before the house is asked, a row says that it will be: `unknown` until the outcome is known. Who finds the errand's mark
looks the booking up by its key before anything else, and the row is settled by what is found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bot.desks.hotel.house import money, policy, written
from bot.desks.hotel.house.book.book import booked_of, no
from bot.desks.hotel.house.days import Days
from bot.desks.hotel.house.made import house, settings_of
from bot.desks.hotel.house.port import Booked, Order, Wish
from bot.desks.hotel.services.near import priced, read_now, shown
from bot.errands.service import Means, ServiceOf
from core.errors import Rejected
from core.store.db import Tx
from core.store.path.errands import Errand
from core.store.promises import bookings, holds, quotes
from core.store.promises.bookings import Asked
from core.store.promises.rows import Booking, Quote

WORKED_ON_S = 60.0
"""A hold lasts at least so long from the moment when its booking is asked for."""
SETTLING_S = 60.0
"""Of a house that gives rooms out by itself: so long the hold goes on after it booked, for those who read just before."""
Told = Mapping[str, Any]


class Bookings:
    def __init__(self, means: Means):
        self._house, self._settings, self._db, self._desk = house(means), settings_of(means), means.db, means.desk
        self._days = Days.of(means.desk, self._settings)
        self._acts: dict[str, Callable[[Errand, float], Told]] = {
            "book": self._book, "change": self._change, "cancel": self._cancel, "stay_late": self._stay_late,
        }  # fmt: skip

    @property
    def settles_s(self) -> float:
        """Our own book knows at once what it has; elsewhere a booking may be on its way for a while."""
        return self._settings.settles_s if self._house.far else 0.0

    def do(self, errand: Errand, limit_s: float) -> Told:
        return self._acts[errand.what](errand, limit_s)

    def look_up(self, errand: Errand, limit_s: float) -> Told | None:
        """The outcome of an earlier call, by our key."""
        if errand.what == "book":
            booked = self._house.find(errand.idempotency_key, limit_s)
            return self._settled(booked) if booked else None
        known = self._mine(errand)
        booked = self._house.find(known.key, limit_s)
        if booked is None or not self._has_happened(errand, known, booked):
            return None
        if errand.what == "cancel":
            return self._cancelled(booked, Decimal(errand.content.get("fee", 0)))
        return self._settled(booked, self._quote(errand) if errand.what == "change" else None)

    def answered(self, errand: Errand) -> Told:
        """Reception looked it up: the guest hears the same as if the house had answered."""
        if errand.what not in ("book", "cancel"):
            raise no("by_hand")
        key = errand.idempotency_key if errand.what == "book" else self._mine(errand).key
        answer = errand.answer or {}
        if not answer.get("yes"):
            return self._nothing_happened(errand, key)
        with self._db.transaction() as tx:
            known = booked_of(self._row(tx, key), self._days)
        if errand.what == "cancel":
            return self._cancelled(replace(known, state="cancelled"))
        return self._settled(replace(known, reference=str(answer.get("reference") or known.reference)))

    def _nothing_happened(self, errand: Errand, key: str) -> Told:
        error = no("not_booked" if errand.what == "book" else "by_hand")
        if errand.what == "book":
            self._fail(key, error)
        raise error

    def _has_happened(self, errand: Errand, known: Booking, booked: Booked) -> bool:
        if errand.what == "cancel":
            return booked.state == "cancelled"
        if errand.what == "change":
            quote = self._quote(errand)
            wanted = (quote.resource, written.stay(quote.content), quote.amount)
            return (booked.room, booked.stay, booked.total) == wanted
        return bool((known.content.get("late") or {}).get("until") == errand.content["late"]["until"])

    def _book(self, errand: Errand, limit_s: float) -> Told:
        quote, order = self._ordered(errand)
        if known := self._ask(errand, quote, order):
            if known.state == "cancelled":
                raise no("not_found")
            return {"booking": written.of_booking(known)}
        try:
            booked = self._house.book(order, limit_s)
        except Rejected as error:
            self._fail(order.key, error)
            raise self._explained(errand, quote, error, limit_s) from error
        return self._settled(booked)

    def _ordered(self, errand: Errand) -> tuple[Quote, Order]:
        quote, hold = self._quote(errand), str(errand.content["hold"])
        with self._db.transaction() as tx:
            held = holds.keep(tx, self._desk.id, hold, for_s=WORKED_ON_S, act="worked_on",
                              conversation_id=errand.conversation_id)  # fmt: skip
            known = bookings.by_key(tx, self._desk.id, errand.idempotency_key)
        if not held and (known is None or known.state not in ("booked", "cancelled")):
            raise no("hold_lost")
        return quote, self._order(errand, quote, hold, tuple(one.unit for one in held))

    def _order(self, errand: Errand, quote: Quote, hold: str, units: tuple[str, ...]) -> Order:
        content = quote.content
        return Order(
            errand.idempotency_key, quote.resource, written.stay(content), written.parties(content["parties"]), units,
            quote.amount, quote.tax, quote.currency, written.guest(errand.content.get("guest", {})), hold,
        )  # fmt: skip

    def _ask(self, errand: Errand, quote: Quote, order: Order) -> Booking | None:
        """Write down that it is asked for; the booking, when there was one under the key already."""
        guest = {name: getattr(order.guest, name) for name in ("name", "email", "phone", "note")}
        asked = Asked(
            order.key, order.room, self._days.period(order.stay), order.total, order.currency, self._house.source,
            errand.conversation_id, quote.id, order.hold, {**quote.content, "guest": guest, "units": list(order.units)},
        )  # fmt: skip
        with self._db.transaction() as tx:
            return None if bookings.ask(tx, self._desk.id, asked) else self._row(tx, order.key)

    def _fail(self, key: str, error: Rejected) -> None:
        with self._db.transaction() as tx:
            bookings.settle(tx, self._desk.id, key, "failed", why=str(error))

    def _explained(self, errand: Errand, quote: Quote, error: Rejected, limit_s: float, but: str = "") -> Rejected:
        """With another price comes the quote that has it, so that the guest can be asked again."""
        if error.told.get("why") != "price_changed":
            return error
        content = quote.content
        wish = Wish(written.stay(content), written.parties(content["parties"]), quote.resource, but)
        offer = read_now(self._house, wish, limit_s)
        if offer is None:
            return error
        with self._db.transaction() as tx:
            told = quotes.put(
                tx, self._desk.id, errand.conversation_id, f"{errand.key}:{errand.wanted}:again",
                [priced(offer, self._days)], source=self._house.source, read_at=datetime.now(UTC),
                good_s=self._settings.quote_s,
            )  # fmt: skip
        return no("price_changed", offer=shown(told[0]))

    def _settled(self, booked: Booked, changed: Quote | None = None) -> Told:
        """The outcome is written down, and told as it was written. After a change, it is the stay of another quote."""
        content = {**changed.content, "late": None} if changed else {}
        with self._db.transaction() as tx:
            bookings.settle(
                tx, self._desk.id, booked.key, booked.state, reference=booked.reference, attention=booked.attention,
                quote_id=changed.id if changed else None,
                **content, **({"units": list(booked.units)} if booked.units else {}),
            )  # fmt: skip
            known = self._row(tx, booked.key)
            if booked.state == "booked":
                holds.given(tx, self._desk.id, known.hold_key, for_s=SETTLING_S)
        return {"booking": written.of_booking(known)}

    def _cancel(self, errand: Errand, limit_s: float) -> Told:
        known = self._mine(errand)
        if known.state == "booked" and known.lower < datetime.now(UTC):
            raise no("too_late")
        fee = self._fee(known)
        if known.state == "booked" and fee > Decimal(errand.content.get("fee", fee)):
            raise no("price_changed", fee=str(fee), currency=known.currency)
        return self._cancelled(self._house.cancel(booked_of(known, self._days), limit_s), fee)

    def _cancelled(self, booked: Booked, fee: Decimal | None = None) -> Told:
        """Cancelled, at the fee that was told before; one that reception found cancelled may be asked for nothing."""
        told = self._settled(booked)
        return {**told, "fee": str(fee or money.read("0", booked.currency)), "currency": booked.currency}

    def _fee(self, known: Booking) -> Decimal:
        """The price of cancelling now."""
        night = known.content["nights"][0]
        return policy.cancelling(known.lower, night, known.currency, self._settings, datetime.now(UTC))

    def _change(self, errand: Errand, limit_s: float) -> Told:
        known, quote = self._mine(errand), self._quote(errand)
        if known.state != "booked":
            raise no("not_found")
        if known.upper <= datetime.now(UTC):
            raise no("too_late")
        order = self._order(errand, quote, known.hold_key, tuple(known.content.get("units", ())))
        try:
            booked = self._house.change(booked_of(known, self._days), order, limit_s)
        except Rejected as error:
            raise self._explained(errand, quote, error, limit_s, but=known.hold_key) from error
        return self._settled(booked, quote)

    def _stay_late(self, errand: Errand, limit_s: float) -> Told:
        known = self._mine(errand)
        if known.state != "booked":
            raise no("not_found")
        late = written.late(errand.content["late"])
        return self._settled(self._house.stay_late(booked_of(known, self._days), late, limit_s))

    def _mine(self, errand: Errand) -> Booking:
        """The booking of this number, for the person whose it is."""
        reference = str(errand.content["reference"])
        with self._db.transaction() as tx:
            known = bookings.by_reference(tx, self._desk.id, reference, conversation_id=errand.conversation_id)
        if known is None:
            raise no("not_found")
        return known

    def _quote(self, errand: Errand) -> Quote:
        with self._db.transaction() as tx:
            quote = quotes.one(tx, int(errand.content["quote"]), conversation_id=errand.conversation_id)
        if quote is None:
            raise no("quote_over")
        return quote

    def _row(self, tx: Tx, key: str) -> Booking:
        known = bookings.by_key(tx, self._desk.id, key)
        assert known is not None, "it was written down before it was asked for"
        return known


BOOKING = ServiceOf(Bookings, limit_s=15.0, tries=8, backoff_s=0.5, at_once=4, behind="house")

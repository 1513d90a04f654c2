"""Service `offers`: what is free and for how much. Each price that it tells is a quote, which is written down first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from time import monotonic
from typing import Any

from bot.desks.hotel.house import written
from bot.desks.hotel.house.book.book import booked_of, no
from bot.desks.hotel.house.days import Days
from bot.desks.hotel.house.made import house, settings_of
from bot.desks.hotel.house.port import Found, Offer, Wish
from bot.desks.hotel.room_kinds import named
from bot.desks.hotel.services.near import others, priced, shown
from bot.errands.service import Means, ServiceOf
from core.errors import Retryable
from core.store import catalogue
from core.store.path.errands import Errand
from core.store.promises import bookings, quotes
from core.store.promises.rows import Booking
from core.ttl_cache import TtlCache

VERSION = 1
"""Of what is cached: raised when the values of the port change."""
KEPT, NEAREST, ENOUGH_S = 2_000, 2, 0.5


@dataclass(frozen=True, slots=True)
class Read:
    """An answer of the house, and when it was read."""

    found: Found
    at: datetime


class Offers:
    def __init__(self, means: Means):
        self._house, self._settings, self._db, self._desk = house(means), settings_of(means), means.db, means.desk
        self._days = Days.of(means.desk, self._settings)
        self._fresh: TtlCache[tuple[int, Wish], Read] = TtlCache(KEPT, self._settings.look_s)
        self._stale: TtlCache[tuple[int, Wish], Read] = TtlCache(KEPT, self._settings.stale_s)

    def do(self, errand: Errand, limit_s: float) -> Mapping[str, Any]:
        return self._late(errand, limit_s) if errand.what == "late" else self._search(errand, limit_s)

    def second_best(self, errand: Errand) -> Mapping[str, Any] | None:
        """An older answer with its age: only to look at, since booking reads anew."""
        if errand.what != "search":
            return None
        read = self._stale.get((VERSION, self._wish(errand)))
        return None if read is None else self._quoted(errand, read, ())

    def _search(self, errand: Errand, limit_s: float) -> Mapping[str, Any]:
        wish, until = self._wish(errand), monotonic() + limit_s
        read = self._read(wish, limit_s)
        nearest = () if read.found.offers or read.found.why == "by_hand" else tuple(self._nearest(wish, until))
        return self._quoted(errand, read, nearest)

    def _wish(self, errand: Errand) -> Wish:
        """The wish; where a booking would be changed, its own rooms count as free."""
        wish, reference = written.wish(errand.content), str(errand.content.get("reference", ""))
        return replace(wish, but=self._mine(errand, reference).hold_key) if reference else wish

    def _mine(self, errand: Errand, reference: str) -> Booking:
        """The booking with this number, which stands, of the person who asks."""
        with self._db.transaction() as tx:
            known = bookings.by_reference(tx, self._desk.id, reference, conversation_id=errand.conversation_id)
        if known is None or known.state != "booked":
            raise no("not_found")
        return known

    def _read(self, wish: Wish, limit_s: float) -> Read:
        """Answers that came over a network are kept a while, for looking; our own book is always read."""
        if self._house.far and (read := self._fresh.get((VERSION, wish))) is not None:
            return read
        read = Read(self._house.search(wish, limit_s), datetime.now(UTC))
        self._fresh.put((VERSION, wish), read)
        self._stale.put((VERSION, wish), read)
        return read

    def _nearest(self, wish: Wish, until: float) -> Iterator[Offer]:
        """The two nearest offers, while there is time to ask for them."""
        found = 0
        for other in others(wish, datetime.now(self._days.zone).date()):
            left_s = until - monotonic()
            if found == NEAREST or left_s < ENOUGH_S:
                return
            try:
                offers = self._read(other, left_s).found.offers
            except Retryable:
                return  # that nothing is free is known already; only the consolation is missing
            if offers:
                found += 1
                yield offers[0]

    def _quoted(self, errand: Errand, read: Read, nearest: tuple[Offer, ...]) -> Mapping[str, Any]:
        language = str(errand.content.get("language", ""))
        with self._db.transaction() as tx:
            kinds = catalogue.all_of(tx, self._desk.id, "room_types") if language else []
            offers = [priced(offer, self._days) for offer in named(read.found.offers, kinds, language)]
            like = [priced(offer, self._days, near=True) for offer in named(nearest, kinds, language)]
            told = quotes.put(
                tx, self._desk.id, errand.conversation_id, f"{errand.key}:{errand.wanted}", [*offers, *like],
                source=self._house.source, read_at=read.at, good_s=self._settings.quote_s,
            )  # fmt: skip
        found = [shown(quote) for quote in told if "near" not in quote.content]
        return {
            "offers": found,
            "nearest": [shown(quote) for quote in told if "near" in quote.content],
            "why": "" if found else read.found.why or "sold_out",
            "source": self._house.source,
            "age_s": max(0, round((datetime.now(UTC) - read.at).total_seconds())),
        }

    def _late(self, errand: Errand, limit_s: float) -> Mapping[str, Any]:
        reference = str(errand.content["reference"])
        booked = booked_of(self._mine(errand, reference), self._days)
        until = self._days.moment(booked.stay.leaves, time.fromisoformat(errand.content["until"]))
        if until <= datetime.now(UTC):
            raise no("too_late")
        return {"reference": reference, "late": written.of_late(self._house.late(booked, until, limit_s))}


OFFERS = ServiceOf(Offers, limit_s=5.0, tries=3, backoff_s=0.2, at_once=8, behind="house")

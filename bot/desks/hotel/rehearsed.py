"""The services of the desk in memory, for rehearsals: rooms and prices are those of `demo.toml`, reckoned as the house book does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.desks.hotel.catalogue import CATALOGUE
from bot.desks.hotel.house import written
from bot.desks.hotel.house.book.book import first_of
from bot.desks.hotel.house.book.lists import Lists, of_catalogue
from bot.desks.hotel.house.port import Offer, Why, Wish
from bot.desks.hotel.room_kinds import named
from bot.desks.hotel.services.near import others
from bot.desks.hotel.settings import HotelSettings
from bot.script import toml_file
from bot.script.catalogue import sheet
from bot.script.catalogue.cells import shown
from bot.script.catalogue.kind import Kind, Line
from core.session import Desk
from core.turn import ErrandWanted

Told = Mapping[str, Any]
Doing = Callable[[ErrandWanted, datetime, Told], Told]
GOOD_S = 1200
FIRST_QUOTE, FIRST_BOOKING = 101, 9001
NEAREST = 2


def services(desk: Desk) -> dict[str, Doing]:
    house = House(desk)
    return {"offers": house.look, "hold": house.hold, "booking": house.book, "receipt": house.use_receipt}


@cache
def lines(kind: str) -> list[Line]:
    described = toml_file.read(Path(__file__).with_name("demo.toml"))["desks"][0]
    known = Kind(kind, CATALOGUE[kind])
    return [sheet.line(known, {name: shown(cell) for name, cell in row.items()})[0] for row in described.get(kind, ())]


class House:
    """One house, for one conversation: its quotes, and how many of each kind somebody else took meanwhile."""

    def __init__(self, desk: Desk):
        self.settings = HotelSettings.model_validate(desk.settings)
        self.zone = ZoneInfo(desk.timezone)
        kinds = ("room_types", "rooms", "rates", "closed")
        self.lists: Lists = of_catalogue(
            {kind: lines(kind) for kind in kinds}, currency=self.settings.currency, child_to=self.settings.child_to
        )
        self.quotes: list[dict[str, Any]] = []
        self.booked = 0

    def look(self, errand: ErrandWanted, now: datetime, hint: Told) -> Told:
        wish = written.wish(errand.content)
        found, why = self._search(wish)
        near: list[Offer] = []
        for other in others(wish, now.astimezone(self.zone).date()) if not found else ():
            near += self._search(other)[0][:1] if len(near) < NEAREST else []
        found, near = (named(each, lines("room_types"), str(errand.content["language"])) for each in (found, near))
        told = {
            "offers": [self._quote(offer, now) for offer in found],
            "nearest": [{**self._quote(offer, now), "near": True} for offer in near],
            "why": why,
            "source": "house book",
            "age_s": 0,
        }
        return {"outcome": "done", "result": told}

    def _search(self, wish: Wish) -> tuple[list[Offer], str]:
        told = [self._offer(kind.code, wish) for kind in self.lists.types if wish.room in ("", kind.code)]
        found = sorted((each for each in told if isinstance(each, Offer)), key=lambda offer: offer.total)
        return found, "" if found else first_of([each for each in told if not isinstance(each, Offer)])

    def _offer(self, code: str, wish: Wish) -> Offer | Why:
        kind = next(kind for kind in self.lists.types if kind.code == code)
        if not self.lists.fits(kind, wish.parties):
            return "does_not_fit"
        if self.lists.is_closed(wish.stay):
            return "closed"
        nights = self.lists.nights(code, wish.stay, wish.parties)
        left = len(self.lists.units(code, wish.stay))
        if isinstance(nights, str):
            return nights
        if left < len(wish.parties):
            return "sold_out"
        return Offer(code, kind.name, wish.stay, wish.parties, nights, self.lists.currency, left)

    def _quote(self, offer: Offer, now: datetime) -> dict[str, Any]:
        quote = {
            **written.of_offer(offer), "quote": FIRST_QUOTE + len(self.quotes), "room": offer.room,
            "total": str(offer.total), "tax": str(offer.tax), "currency": offer.currency, "source": "house book",
            "good_until": (now + timedelta(seconds=GOOD_S)).isoformat(), "age_s": 0,
        }  # fmt: skip
        self.quotes.append(quote)
        return quote

    def _dearer(self, quote: Told, hint: Told, now: datetime) -> Told:
        wish = Wish(written.stay(quote), written.parties(quote["parties"]), str(quote["room"]))
        offer, times = self._search(wish)[0][0], Decimal(str(hint["dearer"]))
        nights = tuple(replace(night, price=night.price * times, tax=night.tax * times) for night in offer.nights)
        return self._quote(replace(offer, nights=nights), now)

    def hold(self, errand: ErrandWanted, now: datetime, hint: Told) -> Told:
        quote = self.quotes[errand.content["quote"] - FIRST_QUOTE]
        until = (now + timedelta(seconds=self.settings.hold_s)).isoformat()
        held = {"hold": f"hold:{quote['quote']}", "until": until, "units": ["201"], "kept": 0, "offer": quote}
        return {"outcome": "done", "result": held}

    def use_receipt(self, errand: ErrandWanted, now: datetime, hint: Told) -> Told:
        """Every receipt is new here."""
        return {"outcome": "done", "result": {}}

    def book(self, errand: ErrandWanted, now: datetime, hint: Told) -> Told:
        """Booked; with the hint `dearer` the price of each night is so many times what it was, and nothing is booked."""
        quote = self.quotes[errand.content["quote"] - FIRST_QUOTE]
        if "dearer" in hint:
            return {"outcome": "refused", "result": {"why": "price_changed", "offer": self._dearer(quote, hint, now)}}
        self.booked += 1
        shown = {name: quote[name] for name in ("arrives", "leaves", "name", "parties", "nights", "room", "currency")}
        booking = {
            **shown, "reference": f"HM-{FIRST_BOOKING + self.booked}", "key": f"book:{quote['quote']}",
            "hold": errand.content["hold"], "total": str(Decimal(quote["total"])), "units": ["201"], "state": "booked",
            "attention": "",
        }  # fmt: skip
        return {"outcome": "done", "result": {"booking": booking}}

"""Wishes near one that cannot be had, and offers as quotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.desks.hotel.house import written
from bot.desks.hotel.house.days import Days
from bot.desks.hotel.house.port import House, Offer, Stay, Wish
from core.store.promises.quotes import Priced
from core.store.promises.rows import Quote


def others(wish: Wish, today: date) -> Iterator[Wish]:
    """The nearest first: another kind of room, then other days in the same kind, then other days in any."""
    if wish.room:
        yield replace(wish, room="")
    for room in dict.fromkeys((wish.room, "")):
        for stay in _near(wish.stay, today):
            yield replace(wish, room=room, stay=stay)


def _near(stay: Stay, today: date) -> Iterator[Stay]:
    """A day later, a day earlier, a night less."""
    yield stay.moved(1)
    if stay.arrives > today:
        yield stay.moved(-1)
    if stay.nights > 1:
        yield Stay(stay.arrives, stay.moved(-1).leaves)


def priced(offer: Offer, days: Days, *, near: bool = False) -> Priced:
    """An offer as a quote: `near` says that it is not what was asked for, and only like it."""
    content = {**written.of_offer(offer), **({"near": True} if near else {})}
    return Priced(offer.room, days.period(offer.stay), offer.total, offer.tax, offer.currency, content)


def shown(quote: Quote) -> dict[str, Any]:
    return written.of_quote(quote, datetime.now(UTC))


def read_now(house: House, wish: Wish, limit_s: float) -> Offer | None:
    """The offer of the wish's kind as the house has it at this moment."""
    return next((each for each in house.search(wish, limit_s).offers if each.room == wish.room), None)

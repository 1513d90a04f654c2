"""The values of the port as JSON: what an errand asks with, and what a flow is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.desks.hotel.house.port import Guest, Late, Night, Offer, Party, Stay, Wish
from core.store.promises.rows import Booking, Quote

Json = Mapping[str, Any]


def stay(value: Json) -> Stay:
    return Stay(date.fromisoformat(value["arrives"]), date.fromisoformat(value["leaves"]))


def parties(value: Sequence[Json]) -> tuple[Party, ...]:
    return tuple(Party(int(each["adults"]), tuple(map(int, each["ages"]))) for each in value)


def wish(value: Json) -> Wish:
    return Wish(stay(value), parties(value["parties"]), str(value.get("room", "")))


def guest(value: Json) -> Guest:
    return Guest(**{name: str(value.get(name, "")) for name in ("name", "email", "phone", "note")})


def of_stay(stay: Stay) -> dict[str, Any]:
    return {"arrives": stay.arrives.isoformat(), "leaves": stay.leaves.isoformat()}


def of_parties(parties: Sequence[Party]) -> list[dict[str, Any]]:
    return [{"adults": each.adults, "ages": list(each.ages)} for each in parties]


def of_wish(wish: Wish) -> dict[str, Any]:
    return {**of_stay(wish.stay), "parties": of_parties(wish.parties), "room": wish.room}


def of_offer(offer: Offer) -> dict[str, Any]:
    """The content of a quote: all of an offer but its sums, which are columns."""
    return {
        **of_stay(offer.stay),
        "name": offer.name,
        "parties": of_parties(offer.parties),
        "nights": [_of_night(night) for night in offer.nights],
        "left": offer.left,
    }


def _of_night(night: Night) -> dict[str, str]:
    return {"day": night.day.isoformat(), "price": str(night.price), "tax": str(night.tax)}


def of_quote(quote: Quote, now: datetime) -> dict[str, Any]:
    """A quote as a flow is told it: with all that may be said of it."""
    return {
        **quote.content,
        "quote": quote.id,
        "room": quote.resource,
        "total": str(quote.amount),
        "tax": str(quote.tax),
        "currency": quote.currency,
        "source": quote.source,
        "good_until": quote.good_until.isoformat(),
        "age_s": max(0, round((now - quote.read_at).total_seconds())),
    }


def of_late(late: Late) -> dict[str, str]:
    return {"until": late.until.isoformat(), "fee": str(late.fee), "currency": late.currency}


def late(value: Json) -> Late:
    return Late(datetime.fromisoformat(value["until"]), Decimal(value["fee"]), str(value["currency"]))


def of_booking(booking: Booking) -> dict[str, Any]:
    """A booking as a flow is told it."""
    shown = ("arrives", "leaves", "name", "parties", "nights", "units", "late")
    return {
        **{name: booking.content[name] for name in shown if booking.content.get(name) is not None},
        "reference": booking.reference,
        "key": booking.key,
        "hold": booking.hold_key,
        "room": booking.resource,
        "total": str(booking.amount),
        "currency": booking.currency,
        "state": booking.state,
        "attention": booking.attention,
    }

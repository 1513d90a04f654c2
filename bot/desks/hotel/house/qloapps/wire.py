"""The bytes of QloApps' web service: requests to write, answers to read. No I/O.

Availability is asked for in XML and nothing else. Answers mix text and numbers, lists are `[]` where objects would be empty,
and an error may come with HTTP 200; whatever is not an answer in the form that is known is `Strange`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from bot.desks.hotel.house import money
from bot.desks.hotel.house.port import Order, Party, Stay

SOLD_OUT = "not available"
NEW, CANCELLED = 1, 3
AWAITING_PAYMENT = 3
CANCELLED_ORDER = 4
SOURCE = "wa:"


class Strange(Exception):
    """An answer that says nothing: HTML, half of it, or an error with a good status."""


class SaysNo(Exception):
    """The house refuses, in its own words: an error of the form that is known."""

    @property
    def sold_out(self) -> bool:
        return SOLD_OUT in str(self)


@dataclass(frozen=True, slots=True)
class Available:
    """A kind of room, its free rooms, and its price for the whole stay."""

    room: str
    name: str
    units: tuple[str, ...]
    most_adults: int
    most_people: int
    a_night: Decimal
    """Without tax."""
    total: Decimal
    total_with_tax: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Made:
    """A booking as the house tells it."""

    id: str
    source: str
    room: str
    stay: Stay
    units: tuple[str, ...]
    total: Decimal
    currency: str


def ask_availability(hotel: str, stay: Stay, parties: Sequence[Party], room: str) -> bytes:
    root = ET.Element("qloapps")
    asked = ET.SubElement(root, "hotel_ari")
    values = {"id_hotel": hotel, "date_from": str(stay.arrives), "date_to": str(stay.leaves)}
    values |= {"id_room_type": room} if room else {}
    for name, value in {**values, "get_available_rooms": "1"}.items():
        ET.SubElement(asked, name).text = value
    occupancies = ET.SubElement(ET.SubElement(asked, "associations"), "room_occupancies")
    for party in parties:
        occupancy = ET.SubElement(occupancies, "room_occupancy")
        ET.SubElement(occupancy, "adults").text = str(party.adults)
        ET.SubElement(occupancy, "children").text = str(len(party.ages))
        for age in party.ages:
            ET.SubElement(occupancy, "child_ages").text = str(age)
    return bytes(ET.tostring(root, encoding="utf-8"))


def booking_of(order: Order, hotel: str, email: str) -> dict[str, Any]:
    """The body that books. The price is always told, or the house takes another one; `adults` under both its names."""
    first, _, last = order.guest.name.partition(" ")
    return {
        "booking": {
            "id_property": _number(hotel),
            "currency": order.currency,
            "booking_status": NEW,
            "payment_status": AWAITING_PAYMENT,
            "source": SOURCE + order.key,
            "remark": order.guest.note[:200],
            "associations": {
                "customer_detail": {
                    "firstname": first or "-",
                    "lastname": last or "-",
                    "email": email,
                    "phone": order.guest.phone,
                },
                "price_details": {"total_price_with_tax": str(order.total), "total_paid": 0},
                "payment_detail": {
                    "payment_type": "pay at hotel",
                    "payment_method": "WhatsApp",
                    "transaction_id": order.key,
                },
                "room_types": [_rooms_of(order)],
            },
        }
    }


def _rooms_of(order: Order) -> dict[str, Any]:
    tax = money.split(order.tax, len(order.parties), order.currency)
    return {
        "id_room_type": _number(order.room),
        "checkin_date": str(order.stay.arrives),
        "checkout_date": str(order.stay.leaves),
        "number_of_rooms": len(order.parties),
        "rooms": [
            {
                "adults": party.adults, "adult": party.adults, "child": len(party.ages),
                "child_ages": list(party.ages), "total_tax": str(part),
            }
            for party, part in zip(order.parties, tax, strict=True)
        ],
    }  # fmt: skip


def cancelling(made: Made, hotel: str, email: str) -> dict[str, Any]:
    """The body that cancels: with the rooms repeated, which the house asks for."""
    rooms = [{"id_room": _number(unit), "adults": 1, "adult": 1, "child": 0} for unit in made.units]
    kind = {
        "id_room_type": _number(made.room), "checkin_date": str(made.stay.arrives),
        "checkout_date": str(made.stay.leaves), "number_of_rooms": len(rooms), "rooms": rooms,
    }  # fmt: skip
    return {
        "booking": {
            "id": _number(made.id),
            "id_property": _number(hotel),
            "booking_status": CANCELLED,
            "associations": {"customer_detail": {"email": email}, "room_types": [kind]},
        }
    }


def availability(body: bytes) -> tuple[Available, ...]:
    told = _object(_json(body), "hotel_ari")
    currency = str(told.get("currency", ""))
    if len(currency) != 3:
        raise Strange("availability without a currency")
    return tuple(_available(kind, currency) for kind in _list(told.get("room_types")))


def _available(kind: Mapping[str, Any], currency: str) -> Available:
    try:
        free = kind.get("rooms", {}).get("available") or {}  # an object by room, or [] when there is none
        rooms = list(free.values()) if isinstance(free, Mapping) else list(free)
        return Available(
            str(kind["id_room_type"]),
            str(kind["name"]),
            tuple(sorted((str(room["id_room"]) for room in rooms), key=_by_number)),
            min((int(room["max_adult"]) for room in rooms), default=0),
            min((int(room["max_occupancy"]) for room in rooms), default=0),
            money.read(kind["base_price"], currency),
            money.read(kind["total_price"], currency),
            money.read(kind["total_price_with_tax"], currency),
            currency,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Strange("a kind of room in no form that is known") from error


def made(body: bytes) -> Made:
    """A booking that was made, or is read."""
    told = _object(_json(body), "booking")
    try:
        parts = told["associations"]
        kinds = _list(parts["room_types"])
        rooms = [room for kind in kinds for room in _list(kind["rooms"])]
        price = parts["price_details"]
        currency = str(told["currency"])
        return Made(
            str(int(told["id"])),
            str(told.get("source", "")),
            str(kinds[0]["id_room_type"]),
            Stay(_day(kinds[0]["checkin_date"]), _day(kinds[0]["checkout_date"])),
            tuple(str(room["id_room"]) for room in rooms),
            money.read(price["total_price_without_tax"], currency) + money.read(price["total_tax"], currency),
            currency,
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise Strange("a booking in no form that is known") from error


def orders(body: bytes) -> tuple[tuple[str, int], ...]:
    """The orders that were found: id and state. None is a bare `[]`."""
    told = _json(body)
    if told == []:
        return ()
    try:
        return tuple((str(int(order["id"])), int(order["current_state"])) for order in _list(told["orders"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Strange("orders in no form that is known") from error


def refusal(body: bytes) -> SaysNo | None:
    """The house's own no, told in the form that is known; an error of another code is none."""
    try:
        errors = _list(_json(body).get("errors"))
        words = "; ".join(str(error["message"]) for error in errors)
    except (Strange, KeyError, TypeError, AttributeError):
        return None
    return SaysNo(words) if words else None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError as error:
        raise Strange("no JSON") from error


def _object(told: Any, name: str) -> Mapping[str, Any]:
    found = told.get(name) if isinstance(told, Mapping) else None
    if not isinstance(found, Mapping):
        raise Strange(f"no {name} in the answer")
    return found


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Strange("no list where one belongs")
    return value


def _day(value: Any) -> date:
    return date.fromisoformat(str(value)[:10])


def _number(value: str) -> int | str:
    return int(value) if value.isdigit() else value


def _by_number(value: str) -> tuple[int, str]:
    return (int(value) if value.isdigit() else 0, value)

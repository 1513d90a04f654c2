"""The web service of the double: requests to answers, with the original's quirks. It knows no HTTP but statuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from simulator.qloapps.stock import CANCELLED, FOUR_FIFTHS, Kind, Order, SoldOut, Stock

Answer = tuple[int, str]
WARNING = "<br />\n<b>Warning</b>:  Undefined variable $useTax in <b>/var/www/classes/WebserviceOrder.php</b><br />\n"
FATAL = "<br />\n<b>Fatal error</b>:  Uncaught Property Customer->email is not valid\n"


def availability(stock: Stock, body: bytes) -> Answer:
    """Asked in XML; anything else is an error of the server. No room is `[]`, and rooms are an object by their id."""
    try:
        asked = ET.fromstring(body).find("hotel_ari")  # noqa: S314  # a test's own request
    except ET.ParseError:
        return 500, WARNING
    if asked is None:
        return 500, WARNING
    arrives, leaves = (date.fromisoformat(asked.findtext(name, "")) for name in ("date_from", "date_to"))
    if leaves <= arrives:
        return 400, _errors(85, "Validation error: date_to must be after date_from")
    wanted = asked.findtext("id_room_type", "")
    kinds = [kind for kind in stock.kinds.values() if wanted in ("", str(kind.id))]
    told = [_kind(stock, kind, arrives, leaves) for kind in kinds]
    total = sum(len(each["rooms"]["available"]) for each in told)
    return 200, json.dumps({"hotel_ari": {
        "id_hotel": asked.findtext("id_hotel"), "date_from": str(arrives), "date_to": str(leaves),
        "currency": stock.currency, "total_rooms": sum(len(kind.rooms) for kind in kinds),
        "total_available_rooms": total, "room_types": told,
    }})  # fmt: skip


def _kind(stock: Stock, kind: Kind, arrives: date, leaves: date) -> dict[str, Any]:
    nights = (leaves - arrives).days
    price, with_tax = stock.price(kind, nights)
    free = {
        str(room): {
            "id_room": room, "id_product": kind.id, "id_hotel": 1, "room_num": f"R-{room}",
            "max_adult": kind.most_adults, "max_children": 2, "max_occupancy": str(kind.most_people),
        }
        for room in stock.free(kind, arrives, leaves)
    }  # fmt: skip
    return {
        "id_room_type": kind.id, "name": kind.name, "base_price": float(price / nights),
        "base_price_with_tax": float(with_tax / nights), "total_price": float(price),
        "total_price_with_tax": str(with_tax), "rooms": {"available": free or []},
    }  # fmt: skip


def book(stock: Stock, body: Mapping[str, Any], *, overbook: bool = False, wrong_price: bool = False) -> Answer:
    """No date is too early and no room too small for it; a missing tax is a warning, an error, and a booking all the same."""
    told = body["booking"]["associations"]
    [kind] = told["room_types"]
    if not _valid(told["customer_detail"]["email"]):
        return 200, FATAL
    try:
        order = stock.order(_ordered(stock, body["booking"], kind), overbook=overbook)
    except SoldOut:
        return 400, _errors(404, "Requested room(s) not available.")
    asked = told["price_details"].get("total_price_with_tax")
    order.total = order.total * FOUR_FIFTHS if asked is None or wrong_price else Decimal(str(asked)) - order.tax
    if any("total_tax" not in room for room in kind["rooms"]):
        return 500, WARNING + _errors(1, "WebserviceRequest error")
    return 200, booking(stock, order)


def _ordered(stock: Stock, booking: Mapping[str, Any], kind: Mapping[str, Any]) -> Order:
    arrives, leaves = date.fromisoformat(kind["checkin_date"]), date.fromisoformat(kind["checkout_date"])
    people = [(int(room["adults"]), int(room.get("child", 0))) for room in kind["rooms"]]
    known = stock.kinds[int(kind["id_room_type"])]
    price, with_tax = stock.price(known, (leaves - arrives).days)
    rooms = len(people)
    return Order(
        0, str(booking["source"]), known.id, arrives, leaves, [], people, price * rooms, (with_tax - price) * rooms
    )


def _valid(email: str) -> bool:
    name, at, domain = email.partition("@")
    return bool(name and at and "." in domain and email.isascii() and " " not in email)


def booking(stock: Stock, order: Order) -> str:
    """Numbers as text and as numbers, days as naive moments, and nothing of how it stands."""
    rooms = [
        {
            "id_room": room, "id_hotel_booking": order.id, "adults": adults, "child": children,
            "unit_price_without_tax": float(order.total / len(order.rooms)), "total_tax": str(order.tax / len(order.rooms)),
        }
        for room, (adults, children) in zip(order.rooms, order.people, strict=True)
    ]  # fmt: skip
    kind = {
        "id_room_type": str(order.kind), "checkin_date": f"{order.arrives} 00:00:00",
        "checkout_date": f"{order.leaves} 00:00:00", "rooms": rooms,
    }  # fmt: skip
    price = {"total_paid": 0, "total_price_without_tax": float(order.total), "total_tax": str(order.tax)}
    return json.dumps({"booking": {
        "id": order.id, "id_property": 1, "currency": stock.currency, "source": order.source,
        "associations": {"price_details": price, "cart_rules": [], "room_types": [kind]},
    }})  # fmt: skip


def orders(stock: Stock, source: str) -> Answer:
    found = stock.by_source(source)
    if not found:
        return 200, "[]"
    return 200, json.dumps({"orders": [
        {"id": order.id, "reference": f"REF{order.id:06}", "current_state": str(order.state), "total_paid": "0.000000"}
        for order in found
    ]})  # fmt: skip


def put(stock: Stock, id: int, body: Mapping[str, Any]) -> Answer:
    """Cancels, if the rooms are repeated."""
    order = stock.orders.get(id)
    if order is None:
        return 404, ""
    if not body["booking"]["associations"].get("room_types"):
        return 400, _errors(1, "Rooms not found")
    if body["booking"]["booking_status"] == 3:
        order.state = CANCELLED
    return 200, booking(stock, order)


def _errors(code: int, message: str) -> str:
    return json.dumps({"errors": [{"code": code, "message": message}]})

"""The double over HTTP: `create(Double())` is the application; its faults are switched on at the object, or by POST."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from flask import Flask, Response, request

from simulator.graph import HangUp, hang_up
from simulator.qloapps import service
from simulator.qloapps.faults import Faults
from simulator.qloapps.service import Answer
from simulator.qloapps.stock import Stock

UNKNOWN_KEY = "<errors><error><code>18</code><message>Invalid authentication key</message></error></errors>"
HTML = "<html><body><h1>Site under maintenance</h1></body></html>"
ERROR_200 = json.dumps({"errors": [{"code": 503, "message": "Database is busy"}]})
LONGEST_S = 60.0


@dataclass(slots=True)
class Double:
    key: str = "K" * 32
    stock: Stock = field(default_factory=Stock.small)
    faults: Faults = field(default_factory=Faults)
    asked: list[str] = field(default_factory=list)
    """Each call: method and path."""
    let_go: Event = field(default_factory=Event)
    """Set: nobody is kept waiting any more."""
    url: str = ""
    """The address where it is served, for those who ask it."""


def create(double: Double) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.register_error_handler(HangUp, hang_up)
    app.add_url_rule("/api/<path:path>", view_func=lambda path: _answer(double, path), methods=["GET", "POST", "PUT"],
                     endpoint="api")  # fmt: skip
    app.add_url_rule("/faults", view_func=lambda: _fault(double), methods=["POST"], endpoint="faults")
    return app


def _fault(double: Double) -> Response:
    """POST {"kind", "resource", "times"}."""
    double.faults.put(**request.get_json())
    return Response(status=204)


def _answer(double: Double, path: str) -> Response:
    double.asked.append(f"{request.method} {path}")
    if request.authorization is None or request.authorization.username != double.key:
        return Response(UNKNOWN_KEY, 401, mimetype="text/xml")
    resource = (
        path.partition("/")[0] if request.method != "GET" or path == "orders" else f"{path.partition('/')[0]}:get"
    )
    status, body = _with_fault(double, double.faults.take(resource), path)
    return Response(body, status, mimetype="application/json" if body[:1] in "{[" else "text/html")


def _with_fault(double: Double, fault: str, path: str) -> Answer:
    before = {"too_many": (429, ""), "html": (200, HTML), "error_200": (200, ERROR_200)}
    if fault in before:
        return before[fault]
    if fault == "drop":
        raise HangUp
    if fault == "slow":
        double.let_go.wait(LONGEST_S)
    if fault == "no_effect":
        return _without_effect(double, path)
    status, body = _do(double, path, fault)
    if fault == "late":
        double.let_go.wait(LONGEST_S)
    if fault == "error_500":
        return 500, service.WARNING
    return (status, body[: len(body) // 2]) if fault == "half" else (status, body)


def _without_effect(double: Double, path: str) -> Answer:
    status, body = _do(double, path, "")
    if status == 200 and body.startswith('{"booking"'):
        del double.stock.orders[json.loads(body)["booking"]["id"]]
    return status, body


def _do(double: Double, path: str, fault: str) -> Answer:
    stock, (resource, _, id) = double.stock, path.partition("/")
    acts: dict[tuple[str, str], Callable[[], Answer]] = {
        ("POST", "hotel_ari"): lambda: service.availability(stock, request.get_data()),
        ("POST", "bookings"): lambda: service.book(
            stock, request.get_json(), overbook=fault == "overbook", wrong_price=fault == "wrong_price"
        ),
        ("GET", "bookings"): lambda: _booking(stock, int(id)),
        ("PUT", "bookings"): lambda: service.put(stock, int(id), request.get_json()),
        ("GET", "orders"): lambda: service.orders(stock, request.args["filter[source]"]),
    }
    act = acts.get((request.method, resource))
    return act() if act else (404, "")


def _booking(stock: Stock, id: int) -> Answer:
    order = stock.orders.get(id)
    return (200, service.booking(stock, order)) if order else (404, "")

"""A stay in the conversation of the hotel desk, where the house behind it is QloApps: found, held and booked over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest

from simulator import serve
from simulator.qloapps.app import Double, create
from tests import businesses
from tests.inn import ARRIVES, LEAVES, business
from tests.integration.crew import Rooms
from tests.integration.lodging import NUMBER, Desk
from tests.integration.test_hotel_after_booking import presses, says

DAYS = f"del {ARRIVES:%d/%m/%Y} al {LEAVES:%d/%m/%Y}"


@pytest.fixture
def double() -> Iterator[Double]:
    made = Double()
    server = serve.server(create(made), "127.0.0.1", 0)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.port}/api"
    yield made
    made.let_go.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def desk(rooms: Rooms, double: Double) -> Desk:
    own = business(NUMBER, house="qloapps", house_url=double.url, settles_s=0.3)
    own = {name: value for name, value in own.items() if name not in ("room_types", "rooms", "rates")}
    with rooms.db.transaction() as tx:
        businesses.put(tx, {"desks": [{**own, "menu": "hotel"}]})
    return Desk(rooms, service_keys=f"mirador={double.key}")


def test_a_room_of_qloapps_is_offered_with_its_price_and_booked_once(desk: Desk, double: Double) -> None:
    offered = says(desk, f"una habitación {DAYS} para 2 adultos")
    assert "General Rooms" in offered and "US$3.900" in offered, offered
    assert "Te guardo" in says(desk, "la primera")
    says(desk, "Ana Pérez")
    presses(desk, "no_email")
    confirmed = presses(desk, "yes")
    [booking] = desk.ask("select reference, state, amount, currency, quote_id from bookings")
    assert booking.state == "booked" and f"N.º *{booking.reference}*" in confirmed
    assert [order.source for order in double.stock.orders.values()] == [f"wa:turno-1-book:{booking.quote_id}"]

"""A guest's booking is their own: by its number, wherever the conversation stands, nobody else sees, changes or cancels it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from core.store.promises import holds, quotes
from core.store.promises.holds import Period, Wanted
from tests import businesses
from tests.inn import ARRIVES, LEAVES, business
from tests.integration.crew import Rooms, text
from tests.integration.errands import do_all
from tests.integration.lodging import ANA, BEN, NUMBER, Desk

OTHER_NUMBER = "100000000000078"


@pytest.fixture
def desk(rooms: Rooms) -> Iterator[Desk]:
    """Two hotels of one owner, and two guests of the first."""
    with rooms.db.transaction() as tx:
        mirador = {**business(NUMBER), "menu": "hotel"}
        lago = {**business(OTHER_NUMBER), "id": "lago", "name": "Lago", "menu": "hotel"}
        businesses.put(tx, {"desks": [mirador, lago]})
    yield Desk(rooms)


def says(desk: Desk, line: str, *, guest: str = BEN, number: str = NUMBER) -> str:
    """What a guest reads after a line, and after the errands that it wanted."""
    before = len(desk.rooms.said())
    desk.count += 1
    desk.rooms.hear(text(line, wamid=f"line-{desk.count}", sender=guest), number=number)
    desk.rooms.work()
    do_all(desk.rooms, desk.worker)
    return "\n".join(desk.rooms.said()[before:])


def booked(desk: Desk, guest: int, **wish: Any) -> str:
    """A booking of the guest's, made as an errand makes it. Its room is held here: what no flow waits for, the desk lets go."""
    number = desk.search(guest=guest, **wish)["offers"][0]["quote"]
    with desk.rooms.db.transaction() as tx:
        quote = quotes.one(tx, number, conversation_id=guest)
        assert quote is not None
        period, units = Period(quote.lower, quote.upper), ["900"] if quote.resource == "suite" else ["100", "101"]
        wanted = Wanted("mirador", quote.resource, units, period, f"hold:{number}")
        assert holds.take(tx, wanted, for_s=600, conversation_id=guest)
    told = desk.do("booking", "book", f"book:{number}", guest=guest, quote=number, hold=f"hold:{number}")
    return str(told["booking"]["reference"])


def row_of(desk: Desk, reference: str) -> Mapping[str, Any]:
    [row] = desk.rooms.ask("select * from bookings where reference = %(of)s", of=reference)
    return dict(row._asdict())


STATES: dict[str, tuple[str, ...]] = {
    "at the menu": ("quiero cancelar la reserva {hers}",),
    "asked for nothing": ("{hers}",),
    "which one": ("mi reserva", "{hers}", "cancelar la reserva", "{hers}", "sí"),
    "cancelling one's own": ("cancelar la reserva {his}", "{hers}", "sí, la {hers}"),
    "changing one's own": ("cambiar la reserva {his}", "{hers}", "del {later}", "sí"),
    "leaving late": ("late checkout", "{hers}", "late checkout de la reserva {hers}", "sí"),
    "arriving late": ("llego tarde, a las 23, reserva {hers}", "a las 23"),
}


@pytest.mark.parametrize("state", STATES)
def test_a_number_of_somebody_else_does_nothing_in_any_state(desk: Desk, state: str) -> None:
    hers, his, second = booked(desk, 1, room="suite"), booked(desk, 2), booked(desk, 2)
    before = row_of(desk, hers)
    later = f"{LEAVES + timedelta(days=9):%d/%m/%Y} al {LEAVES + timedelta(days=11):%d/%m/%Y}"
    said = [says(desk, line.format(hers=hers, his=his, later=later)) for line in STATES[state]]
    assert row_of(desk, hers) == before
    assert not any("Suite" in line for line in said), "neither its room nor its days"
    wanted = desk.ask("select content->>'reference' as of from errands where conversation_id = 2 and service <> 'hold'")
    assert hers not in {row.of for row in wanted}
    missing = [says(desk, line.format(hers="HTL-9ZZZZZ", his=second, later=later)) for line in STATES[state][:1]]
    assert missing[0].replace("HTL-9ZZZZZ", hers) == said[0] or state not in ("at the menu", "asked for nothing")


@pytest.mark.parametrize(
    ("service", "what", "content"),
    [
        ("booking", "cancel", {}),
        ("offers", "late", {"until": "14:00"}),
        ("booking", "stay_late", {"late": {"until": "2030-01-01T14:00:00+00:00", "fee": "0", "currency": "ARS"}}),
        ("offers", "search", {"arrives": str(ARRIVES), "leaves": str(LEAVES), "parties": [{"adults": 2, "ages": []}]}),
    ],
)
def test_the_services_know_whose_it_is_whatever_a_flow_wants(
    desk: Desk, service: str, what: str, content: dict[str, Any]
) -> None:
    hers = booked(desk, 1)
    before = row_of(desk, hers)
    assert desk.do(service, what, guest=2, reference=hers, **content)["why"] == "not_found"
    offer = desk.search(guest=2)["offers"][0]["quote"]
    assert desk.do("booking", "change", guest=2, reference=hers, quote=offer)["why"] == "not_found"
    assert row_of(desk, hers) == before


def test_a_booking_of_one_hotel_is_none_at_the_other_even_for_its_guest(desk: Desk) -> None:
    hers = booked(desk, 1)
    assert "No encuentro una reserva tuya" in says(desk, f"cancelar la reserva {hers}", guest=ANA, number=OTHER_NUMBER)
    assert "No veo reservas" in says(desk, "mi reserva", guest=ANA, number=OTHER_NUMBER)
    assert hers in says(desk, "mi reserva", guest=ANA)


def test_a_guest_sees_changes_leaves_late_and_cancels_the_own_one(desk: Desk) -> None:
    mine = booked(desk, 1)
    assert mine in says(desk, "quiero ver mi reserva", guest=ANA)
    days = f"del {ARRIVES:%d/%m/%Y} al {LEAVES + timedelta(days=1):%d/%m/%Y}"
    offered = says(desk, f"cambiar las fechas, {days}", guest=ANA)
    assert "$363.000" in offered and "*$484.000*" in offered
    assert "cambié la reserva" in says(desk, "sí", guest=ANA)
    assert str(row_of(desk, mine)["amount"]) == "484000.00"
    assert "Cuesta *$50.000*" in says(desk, "puedo hacer late checkout?", guest=ANA)
    assert "Confirmado" in says(desk, "dale", guest=ANA)
    assert row_of(desk, mine)["content"]["late"]["fee"] == "50000.00"
    assert "No tiene costo" in says(desk, "necesito cancelar mi reserva", guest=ANA)
    assert "quedó cancelada, sin costo" in says(desk, "sí", guest=ANA)
    assert row_of(desk, mine)["state"] == "cancelled"
    assert desk.ask("select count(*) from report.holds where state = 'booked'") == [(0,)]

"""Bookings through the window: found, shown with all that belongs to them, and the acts of staff on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bot import desks
from core import signed_codes
from dashboard import Tools
from tests.inn import ARRIVES, business
from tests.integration.crew import Rooms
from tests.integration.errands import do_all
from tests.integration.lodging import NUMBER, Desk, opened
from tests.integration.staff import Visitor, signed_in

TOOLS = Tools(bookable=desks.bookable)


@pytest.fixture
def desk(rooms: Rooms, tmp_path: Path) -> Iterator[Desk]:
    with opened(rooms, tmp_path, business(NUMBER, rooms=3)) as made:
        yield made


@pytest.fixture
def ana(desk: Desk) -> Visitor:
    return signed_in(desk.rooms.db, "operator", email="ana@turno.example", tools=TOOLS)


def lines(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


GUEST = '{"name": "Ana Paz", "email": "ana@paz.example", "phone": "+54 9 11 5555 1234", "note": "cuna"}'


def booked(desk: Desk) -> dict[str, Any]:
    told = desk.book(desk.hold())["booking"]
    desk.rooms.ask(
        "update bookings set content = content || jsonb_build_object('guest', %(guest)s::jsonb) returning 1",
        guest=GUEST,
    )
    return told  # type: ignore[no-any-return]


def receipt(desk: Desk, hold: str) -> str:
    """The number of a ticket with which a person is asked to look at a receipt; its page."""
    desk.rooms.ask(
        "insert into tickets (number, desk_id, conversation_id, event_id, kind, summary, content)"
        " values ('TKT-1A2B3C4D', 'mirador', 1, 1, 'receipt', 'Seña de Ana', jsonb_build_object('hold', %(hold)s::text, 'read', '$30.000'))"
        " returning number",
        hold=hold,
    )
    [row] = desk.ask("select max(id) as id from holds")
    return f"/admin/holds/{row.id}"


def test_the_list_shows_bookings_and_what_is_held_and_waits_for_a_person(desk: Desk, ana: Visitor) -> None:
    told, held = booked(desk), desk.hold(guest=2)
    receipt(desk, held["hold"])
    page = lines(ana.get("/admin/bookings"))
    for part in (
        told["reference"],
        "Ana Paz",
        "363,000.00 ARS",
        "Receipt TKT-1A2B3C4D to confirm",
        "Held, and not booked yet",
    ):
        assert part in page, part
    assert "5215550000002" not in page and "••••••0002" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"begins={ARRIVES}", True), ("begins=2001-01-01", False), ("begins=nonsense", True), ("state=booked", True),
        ("state=unknown", False), ("q=ana+p", True), ("q=_", False), ("attention=1", False), ("desk=mirador", True),
        ("below=1", False),
    ],
)  # fmt: skip
def test_it_is_filtered(desk: Desk, ana: Visitor, query: str, found: bool) -> None:
    reference = booked(desk)["reference"]
    assert (reference in ana.get(f"/admin/bookings?{query}").text) == found
    assert reference in ana.get(f"/admin/bookings?q={reference.lower()}").text


def test_a_code_that_a_customer_shows_is_checked_and_finds_its_booking(desk: Desk) -> None:
    reference = booked(desk)["reference"]
    ana = signed_in(desk.rooms.db, "operator", tools=TOOLS, codes_secret="k" * 32)
    code = signed_codes.sign(reference, business="mirador", key="k" * 32)
    page = lines(ana.get(f"/admin/bookings?q={code.lower()}"))
    assert f"A code of ours: {reference} at mirador." in page and "Ana Paz" in page
    forged = signed_codes.sign(reference, business="mirador", key="x" * 32)
    page = lines(ana.get(f"/admin/bookings?q={forged}"))
    assert "Not a code of ours" in page and "Ana Paz" not in page
    assert "ode of ours" not in lines(ana.get(f"/admin/bookings?q={reference}")), "a number is no code"


def test_a_page_has_all_that_belongs_to_a_booking(desk: Desk, ana: Visitor) -> None:
    told = booked(desk)
    desk.ask("update bookings set attention = 'overbooked' returning 1")
    page = ana.get("/admin/bookings/1")
    for part in (
        told["reference"], "Ana Paz", "••••••1234", "cuna", "booked at", "taken 100", "booked 100", "booking: book done",
        "Overbooked: the house gave out more rooms of this kind than it has.", "Nights", "the conversation",
    ):  # fmt: skip
        assert part in lines(page), part
    assert 'href="/admin/conversations/1"' in page.text
    assert "5555" not in lines(page)


def test_who_only_looks_on_reads_no_words_and_does_nothing(desk: Desk) -> None:
    here = receipt(desk, desk.hold()["hold"])
    viewer = signed_in(desk.rooms.db, "viewer", tools=TOOLS)
    page = viewer.get(here)
    assert page.status_code == 200 and "Confirm it" not in page.text and "Release" not in page.text
    csrf = re.search(r'name="csrf" value="(\w+)"', page.text)
    assert csrf
    for path in ("/admin/errands/1/answer", f"{here}/move", f"{here}/release"):
        sent = viewer.send(path, {"csrf": csrf[1], "once": "a" * 32, "yes": "1", "wanted": "1", "unit": "101"})
        assert sent.status_code == 403, path
    booked(desk)
    assert "ana@paz" not in viewer.get("/admin/bookings/1").text
    assert "None fits." in viewer.get("/admin/bookings?q=Ana").text, "and looks for no names"


def test_another_desks_bookings_are_not_there(desk: Desk) -> None:
    booked(desk)
    other = signed_in(desk.rooms.db, "operator", desks=["field-service"], tools=TOOLS)
    assert "Bookings" not in lines(other.get("/admin/conversations"))
    for path in ("bookings", "bookings/1", "holds/1"):
        assert other.get(f"/admin/{path}").status_code == 404, path
    plain = signed_in(desk.rooms.db, "admin")
    assert "Bookings" not in lines(plain.get("/admin/conversations")), "no desk books anything"


def test_a_receipt_is_confirmed_by_the_ticket_that_the_flow_waits_for(desk: Desk, ana: Visitor) -> None:
    here = receipt(desk, desk.hold()["hold"])
    assert "Seña de Ana" in lines(ana.get(here)) and "Read $30.000" in lines(ana.get(here))
    ana.post("/admin/tickets/TKT-1A2B3C4D/status", on=here, status="resolved", expected="pending", note="gracias")
    desk.rooms.work()
    assert desk.ask("select status from tickets")[0].status == "resolved"
    assert "Confirm it" not in ana.get(here).text and "gracias" in " ".join(desk.rooms.said())


def test_an_unknown_booking_is_settled_with_the_number_it_has(desk: Desk, ana: Visitor) -> None:
    booked(desk)
    desk.ask(
        "update errands set state = 'unknown', result = null, begun_at = now() where service = 'booking' returning 1"
    )
    desk.ask("update bookings set state = 'unknown', reference = '' returning 1")
    [errand] = desk.ask("select id from errands where service = 'booking'")
    assert "Book unknown outcome" in lines(ana.get("/admin/bookings"))
    asked = ana.post(
        f"/admin/errands/{errand.id}/answer", on="/admin/bookings/1", wanted="1", yes="1", reference="R-77"
    )
    do_all(desk.rooms, desk.worker)
    page = lines(ana.get(asked.request.full_path))
    assert "R-77 booked" in page and "Settled." in page and "What came of it?" not in page
    assert "settled a booking: it happened" in page
    waits = re.search(r'hx-get="([^"]+outcome[^"]+)"', asked.text)
    assert waits and ana.get(waits[1].replace("&amp;", "&")).headers["HX-Refresh"] == "true"
    late = ana.post(f"/admin/errands/{errand.id}/answer", on="/admin/bookings/1", wanted="1", yes="0")
    assert "It was answered already" in lines(late) and "R-77 booked" in lines(late)


def test_a_hold_is_moved_to_a_free_unit_and_to_no_other(desk: Desk, ana: Visitor) -> None:
    booked(desk)
    desk.hold(guest=2)
    [mine] = desk.ask("select id from holds where unit = '100'")
    page = ana.get("/admin/bookings/1")
    options = re.findall(r'<option value="(\d+)"', page.text)
    assert options == ["102"], "neither its own nor the other guest's"
    moved = ana.post(f"/admin/holds/{mine.id}/move", on="/admin/bookings/1", unit="102", expected="100")
    assert "It is 102 now." in lines(moved) and "moved 102" in lines(moved)
    assert desk.ask("select content from bookings")[0].content["units"] == ["102"]
    late = ana.post(f"/admin/holds/{mine.id}/move", on="/admin/bookings/1", unit="100", expected="100")
    assert "Somebody was faster" in lines(late)
    taken = ana.post(f"/admin/holds/{mine.id}/move", on="/admin/bookings/1", unit="101", expected="102")
    assert "Somebody else has that one meanwhile." in lines(taken)
    assert [row.unit for row in desk.ask("select unit from holds order by id")] == ["102", "101"]


def test_a_hold_is_released_by_a_turn_that_tells_its_customer(desk: Desk, ana: Visitor) -> None:
    desk.hold()
    here = f"/admin/holds/{desk.rooms.ask('select id from holds')[0].id}"
    for _ in range(2):
        asked = ana.post(f"{here}/release", on=here, once="b" * 32, note="Se rompió el caño")
    assert "Waiting for the worker…" in lines(asked)
    assert desk.ask("select state from holds")[0].state == "held", "the turn does it"
    desk.rooms.work()
    assert "Released. The customer is told." in lines(ana.get(asked.request.full_path))
    assert desk.ask("select state from holds")[0].state == "released"
    assert len([said for said in desk.rooms.said() if "Se rompió el caño" in said]) == 1
    late = ana.send(
        f"{here}/release", {"csrf": re.findall(r'name="csrf" value="(\w+)"', asked.text)[0], "once": "c" * 32}
    )
    desk.rooms.work()
    assert "it is held no more" in lines(ana.get(late.request.full_path))

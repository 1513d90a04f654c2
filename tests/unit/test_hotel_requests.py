"""What guests want during a stay: a ticket each, with the room; only what reception cannot do without is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import desks
from bot.engine.rehearsal import Rehearsal
from core.turn import TicketOpened, Turn
from tests.unit.talk import rehearsed

BUSINESS, FACTS = rehearsed(desks.folders()["hotel"])


def talk(language: str = "", **facts: Any) -> Rehearsal:
    return Rehearsal(BUSINESS, language, facts={**FACTS, **facts})


def at(made: Rehearsal, written: str) -> Rehearsal:
    """The same, at this hour of the desk."""
    made.now = datetime.fromisoformat(f"{written}-03:00")
    return made


def opened(turn: Turn) -> dict[str, str]:
    return {record.kind: record.summary for record in turn.records if isinstance(record, TicketOpened)}


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("necesito toallas en la 204", {"towels"}),
        ("toallas y que arreglen el aire de la 204", {"towels", "maintenance"}),
        ("habitación 204: limpieza, toallas y no anda la tele", {"cleaning", "towels", "maintenance"}),
        ("despiértenme a las 7, hab. 204", {"wake_up"}),
        ("necesito un taxi a las 8", {"taxi"}),
        ("¿pueden guardarnos las valijas?", {"luggage"}),
        ("perdí el cargador en la 204", {"lost"}),
        ("more towels for room 204 please", {"towels"}),
        ("preciso de toalhas no quarto 204", {"towels"}),
    ],
)
def test_one_message_is_enough_where_everything_is_in_it(text: str, kinds: set[str]) -> None:
    turn = talk().say(text)
    found = opened(turn)
    assert set(found) == kinds and turn.after.flow == "hotel_request" and turn.after.state == "noted"
    assert all("204" in summary for summary in found.values() if "204" in text)
    assert len({record.number for record in turn.records if isinstance(record, TicketOpened)}) == len(kinds)
    assert all(record.number in said(turn) for record in turn.records if isinstance(record, TicketOpened))


def test_a_retried_turn_opens_the_same_tickets() -> None:
    """Stepped twice, one event gives the same numbers, and each kind its own."""
    first, again = (talk().say("toallas y limpieza en la 204") for _ in range(2))
    numbers = [record.number for record in first.records if isinstance(record, TicketOpened)]
    assert numbers == [record.number for record in again.records if isinstance(record, TicketOpened)]
    assert len(set(numbers)) == 2


def test_a_room_that_was_told_is_not_asked_for_again() -> None:
    made = talk()
    made.say("toallas para la 204")
    assert "204" in opened(made.say("y que limpien el baño"))["cleaning"]


def test_a_guest_who_does_not_know_the_room_is_asked_twice_at_most() -> None:
    made = talk()
    made.say("que limpien la habitación")
    assert not opened(made.say("ni idea"))
    assert "sin número" in opened(made.say("ni idea"))["cleaning"]


@pytest.mark.parametrize(
    ("now", "brought"), [("2026-03-02T05:59", False), ("2026-03-02T06:00", True), ("2026-03-02T22:59", True), ("2026-03-02T23:01", False)]
)  # fmt: skip
def test_room_service_has_hours(now: str, brought: bool) -> None:
    made = at(talk(), now)
    made.now -= timedelta(seconds=7)  # a line is written seven seconds later
    turn = made.say("una pizza en la habitación 204 por favor")
    assert bool(opened(turn)) is brought and ("06:00" in said(turn)) is not brought


def test_a_closed_kitchen_keeps_nothing_else_from_being_done() -> None:
    turn = at(talk(), "2026-03-02T23:30").say("toallas y una pizza en la habitación 204")
    assert set(opened(turn)) == {"towels"} and "06:00" in said(turn)


@pytest.mark.parametrize(("now", "when"), [("2026-03-02T05:00", "hoy"), ("2026-03-02T23:00", "mañana")])
def test_a_call_in_the_morning_is_told_with_its_day(now: str, when: str) -> None:
    turn = at(talk(), now).say("despiértenme a las 7:30, habitación 204")
    assert f"{when} a las 07:30" in said(turn) and "07:30" in opened(turn)["wake_up"]


def test_a_button_asks_what_is_the_matter() -> None:
    made = talk()
    made.say("hola")
    made.press("request")
    assert made.press("wanted=maintenance").after.state == "telling"
    made.say("la ducha pierde agua")
    assert "la ducha pierde agua" in opened(made.say("204"))["maintenance"]


def test_a_number_that_is_no_room_is_refused() -> None:
    made = talk()
    made.say("toallas")
    assert made.say("98765432").after.state == "placing"


def test_a_request_while_a_room_is_looked_for_is_heard() -> None:
    made = talk()
    made.say("quiero reservar")
    assert opened(made.say("necesito toallas en la 204"))


def test_the_booking_of_a_guest_stands_on_the_ticket() -> None:
    own = {
        "reference": "H-ABC234", "resource": "standard_double", "state": "booked", "attention": "", "amount": "1.00",
        "currency": "ARS", "key": "k", "hold": "", "lower": "2026-03-01T15:00:00+00:00",
        "upper": "2026-03-04T12:00:00+00:00", "content": {},
    }  # fmt: skip
    turn = talk(bookings={"mine": [own]}).say("toallas para la 204")
    [ticket] = [record for record in turn.records if isinstance(record, TicketOpened)]
    assert ticket.content["booking"] == "H-ABC234" and ticket.content["room"] == "204"

"""A guest's questions and requests through the real door, worker and sender, with the lists and settings of the demo."""

from __future__ import annotations

from typing import Any

from bot import desks
from bot.commands import desk_apply
from bot.desks.business import File
from tests.integration.crew import Rooms, parse, text

NUMBER = "100000000000003"


def opened(rooms: Rooms) -> Rooms:
    with rooms.db.transaction() as tx:
        desk_apply.put_file(tx, File(desks.folders()["hotel"] / "demo.toml"))
    return rooms


def hear(rooms: Rooms, body: str, wamid: str) -> list[Any]:
    """What was said to this line."""
    rooms.door.accept(parse([text(body, wamid=wamid)], metadata={"phone_number_id": NUMBER}))
    rooms.work()
    return rooms.ask(
        "select o.kind, o.text, o.content from outbox o join inbox i on i.id = o.event_id"
        " where i.external_id = %(wamid)s order by o.id",
        wamid=wamid,
    )


def test_what_reception_wrote_in_the_list_is_told_with_its_day(rooms: Rooms) -> None:
    [answer] = hear(opened(rooms), "¿a qué hora es el desayuno?", "wamid.1")
    assert "de 7 a 10" in answer.text and "según recepción" in answer.text


def test_two_wishes_of_one_message_are_two_tickets_of_one_event(rooms: Rooms) -> None:
    hear(opened(rooms), "toallas y que arreglen el aire de la 204", "wamid.1")
    tickets = rooms.ask("select kind, summary, priority, event_id from tickets order by kind")
    assert [ticket.kind for ticket in tickets] == ["maintenance", "towels"] and len({t.event_id for t in tickets}) == 1
    assert all("204" in ticket.summary for ticket in tickets)


def test_a_complaint_and_an_urgent_call_are_urgent_tickets(rooms: Rooms) -> None:
    hear(opened(rooms), "quiero hacer una queja: no se puede dormir", "wamid.1")
    [ticket] = rooms.ask("select kind, priority, summary from tickets")
    assert (ticket.kind, ticket.priority) == ("complaint", "urgent") and "dormir" in ticket.summary


def test_questions_that_nobody_wrote_down_wait_for_reception_on_one_ticket(rooms: Rooms) -> None:
    hear(opened(rooms), "¿tienen cancha de tenis cubierta?", "wamid.1")
    hear(rooms, "¿se puede fumar en la habitación?", "wamid.2")
    [ticket] = rooms.ask("select number, kind, summary from tickets")
    assert ticket.kind == "question" and "tenis" in ticket.summary and "fumar" in ticket.summary


def test_a_pin_is_sent_as_a_pin(rooms: Rooms) -> None:
    said = hear(opened(rooms), "¿dónde están?", "wamid.1")
    assert [row.kind for row in said] == ["text", "location"]
    rooms.send()
    [pin] = [outbound for _, _, outbound in rooms.carrier.accepted if outbound.kind == "location"]
    assert pin.place is not None and pin.place.latitude == -41.1335

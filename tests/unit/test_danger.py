"""Danger to people, in every desk and every state: an instruction, an urgent ticket, staff alerted, and no question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.turn import TicketAdded, TicketChanged, TicketOpened, Turn
from tests.unit.talk import DESK, DESKS, IT_DESK, Talk


def opened(turn: Turn) -> list[TicketOpened]:
    return [record for record in turn.records if isinstance(record, TicketOpened)]


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


BEFORE = {
    "field": [
        (),
        ("hola",),
        ("vehiculo",),
        ("refrigerador", "4045101"),
        ("mis reportes",),
        ("la camioneta no prende", "54321"),
    ],
    "it-desk": [(), ("hola",), ("no tengo internet",), ("no anda", "técnico"), ("se me cayó agua",)],
}
PLACES = [(desk, lines) for desk, walks in BEFORE.items() for lines in walks]


@pytest.mark.parametrize(("desk", "lines"), PLACES)
def test_danger_is_answered_before_every_question(desk: str, lines: tuple[str, ...]) -> None:
    talk = Talk(DESKS[desk].language, desk=DESKS[desk])
    for line in lines:
        talk.say(line)
    turn = talk.say("acabo de chocar la camioneta de la empresa, hay heridos")
    [ticket] = opened(turn)
    assert (ticket.kind, ticket.priority, ticket.content["danger"]) == ("danger", "urgent", "injured")
    assert ticket.summary == "acabo de chocar la camioneta de la empresa, hay heridos"
    assert "*911*" in said(turn) and ticket.number in said(turn)
    assert "?" not in said(turn) and not any(reply.options for reply in turn.replies)
    assert turn.after.notes["person_wanted_at"]
    assert not {"inactivity_warn", "inactivity_close"} & turn.after.timers.keys()


def test_what_follows_asks_for_nothing_and_opens_no_second_ticket() -> None:
    talk = Talk()
    talk.say("se esta quemando!!!! ayuda")
    for line in ("que hago???", "gracias"):
        turn = talk.say(line)
        assert "*911*" in said(turn) and opened(turn) == []
    turn = talk.say("estoy en hidalgo 20")
    assert "Anotado" in said(turn) and opened(turn) == []
    turn = talk.say("NECESITO UNA AMBULANCIA")
    assert "ambulancia" in said(turn) and opened(turn) == []


def test_who_wants_something_else_goes_on_with_it() -> None:
    talk = Talk()
    talk.say("hay humo")
    talk.say("menú")
    assert "¿Qué equipo" in said(talk.say("hola"))


def test_whoever_cancels_a_call_for_help_is_passed_to_people() -> None:
    talk = Talk()
    [ticket] = opened(talk.say("hay humo"))
    turn = talk.say("cancelar")
    assert ticket.number in said(turn) and "avisé al equipo" in said(turn)
    assert not any(isinstance(record, TicketChanged) for record in turn.records)


def test_a_second_call_for_help_is_in_the_first_ones_ticket() -> None:
    talk = Talk()
    [ticket] = opened(talk.say("acabo de chocar, hay heridos"))
    turn = talk.say("se está quemando")
    assert turn.records == (TicketAdded(ticket.number, "se está quemando"),)


@pytest.mark.parametrize("line", ["sigo aquí en la carretera", "oigan ya vienen?", "asdf qwer", "es un tsuru blanco"])
def test_what_is_said_long_after_is_in_its_ticket_and_never_invalid(line: str) -> None:
    talk = Talk()
    talk.say("vehículo")
    [ticket] = opened(talk.say("acabo de chocar, hay heridos"))
    talk.wait("31m")
    turn = talk.say(line)
    assert turn.records == (TicketAdded(ticket.number, line),)
    assert ticket.number in said(turn) and "empleado" not in said(turn) and "🤔" not in said(turn)


def test_a_place_and_a_photo_sent_in_danger_are_in_its_ticket() -> None:
    talk = Talk()
    [ticket] = opened(talk.say("se está quemando el refri"))
    turn = talk.event("location", latitude=19.3, longitude=-98.9)
    assert turn.records == (TicketAdded(ticket.number, "📍 19.3, -98.9"),)
    photo = talk.event("image", media_id="m")
    assert TicketAdded(ticket.number, "📷 ") in photo.records or TicketAdded(ticket.number, "📷") in photo.records


def test_what_is_told_in_danger_is_noted_shortly_and_questions_are_answered() -> None:
    talk = Talk()
    talk.say("acabo de chocar, hay heridos")
    assert "*911*" in said(talk.say("estoy en hidalgo 20"))
    assert said(talk.say("es un tsuru blanco")) == "📝 Anotado."
    assert "La persona ya está avisada" in said(talk.say("cuánto tardan??"))
    assert "Qué bueno" in said(talk.say("ya estamos bien"))
    assert "De nada" in said(talk.say("gracias"))


def test_nobody_settles_a_call_for_help_but_people() -> None:
    talk = Talk()
    talk.say("acabo de chocar, hay heridos")
    talk.wait("31m")
    turn = talk.say("ya quedó arreglado")
    assert "avisé al equipo" in said(turn)
    assert not any(isinstance(record, TicketChanged) for record in turn.records)


def test_after_a_while_the_flow_goes_on_where_it_stood() -> None:
    talk = Talk()
    talk.say("refrigerador")
    talk.say("huele a gas")
    talk.wait("31m")
    assert "sap_code" in talk.say("4045101").after.slots


def test_the_scammed_are_taught_to_install_nothing() -> None:
    talk = Talk("es-AR", desk=IT_DESK)
    turn = talk.say("les di los datos de la tarjeta por telefono y me instalaron un programa anydesk")
    assert "banco" in said(turn) and "anydesk.com" not in said(turn)
    assert opened(turn)[0].number.startswith("TCK-")


def test_the_number_to_call_is_the_desks() -> None:
    talk = Talk(desk=replace(DESK, settings={"emergency": "112"}))
    assert "*112*" in said(talk.say("hay fuego"))


def test_each_kind_of_danger_has_its_own_number_where_the_desk_tells_one() -> None:
    numbers = replace(DESK, settings={"ambulance": "107", "fire_brigade": "100", "police": "101"})
    for line, number in (("hay heridos", "107"), ("hay fuego", "100"), ("nos están asaltando", "101")):
        assert f"*{number}*" in said(Talk(desk=numbers).say(line))


@pytest.mark.parametrize(
    ("line", "kind", "says"),
    [
        ("mi hijo se quedó encerrado en el refrigerador", "child", "niño"),
        ("me quedé tirado en la carretera", "stranded", "intermitentes"),
        ("me están siguiendo en otra camioneta", "threat", "Ponte a salvo"),
    ],
)
def test_a_child_a_threat_and_a_vehicle_on_a_road_have_their_own_instruction(line: str, kind: str, says: str) -> None:
    turn = Talk().say(line)
    assert (opened(turn)[0].content["danger"], says in said(turn)) == (kind, True)


def test_the_ticket_has_what_was_told_before_and_in_the_call_itself() -> None:
    talk = Talk()
    talk.say("vehiculo")
    talk.say("54321")
    given = opened(talk.say("traigo la unidad 771234 y me quede tirado en la carretera"))[0].content["given"]
    assert (given["employee_number"]["value"], given["sap_code"]["value"]) == ("54321", "771234")


def test_portuguese_is_answered_in_portuguese_though_the_desk_does_not_speak_it() -> None:
    talk = Talk()
    turn = talk.say("a geladeira está pegando fogo")
    assert "Afaste-se já" in said(turn) and turn.after.language == "es"
    assert "A pessoa" in said(talk.say("estou no portão da loja"))


def test_who_asks_what_to_do_is_told_the_instruction_again() -> None:
    talk = Talk()
    talk.say("hay una fuga de gas")
    assert "aire libre" in said(talk.say("que hago???"))


def test_a_threat_against_us_goes_to_staff_and_is_no_danger() -> None:
    talk = Talk()
    talk.say("refrigerador")
    turn = talk.say("los voy a matar a todos si no vienen")
    assert turn.after.notes["person_wanted_at"]
    assert opened(turn) == [] and "911" not in said(turn) and "?" not in said(turn)


def test_english_is_answered_in_english() -> None:
    turn = Talk().say("the fridge is on fire")
    assert "Get away now" in said(turn) and turn.after.language == "en"


def test_while_staff_hold_it_the_instruction_is_said_all_the_same() -> None:
    talk = Talk()
    talk.say("refrigerador")
    talk.event("agent", action="take_over", agent="ana")
    turn = talk.say("mi hijo tocó la heladera y le dio una descarga")
    assert "No toques" in said(turn) and turn.after.agent == "ana" and len(opened(turn)) == 1
    assert talk.say("ya voy").replies == ()

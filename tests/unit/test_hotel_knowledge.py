"""What guests ask about the house: understood in three languages, answered with its source, and asked of reception otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot import desks
from bot.desks.hotel import DESK
from bot.engine.rehearsal import Rehearsal, replay
from bot.nlu.questions import GUESS
from core.messages import Event
from core.reading import Expectation
from core.turn import TicketAdded, TicketOpened, Turn
from tests.unit.talk import rehearsed

BUSINESS, FACTS = rehearsed(desks.folders()["hotel"])
GOOD: dict[str, list[str]] = {
    "check_in": [
        "a que hora es el check in",
        "¿desde qué hora puedo entrar?",
        "horario de check-in",
        "what time is check-in?",
        "check in time?",
        "a que horas é o check-in?",
        "que necesito para hacer el checkin",
    ],
    "check_out": [
        "hasta qué hora tengo que dejar la habitación?",
        "a que hora es el checkout?",
        "when is check out",
        "ate que horas é o check-out?",
        "horario de salida",
    ],
    "cancel_policy": [
        "que pasa si no llego?",
        "¿puedo cancelar gratis?",
        "politica de cancelacion",
        "devolucion de seña",
        "what is your cancellation policy?",
        "is it refundable?",
        "qual a política de cancelamento?",
        "que pasa si cancelo",
    ],
    "where": [
        "dónde están?",
        "mandame la ubicacion",
        "pin de google maps",
        "cómo llego al hotel?",
        "what's your address?",
        "where is the hotel",
        "onde fica o hotel?",
        "me manda a localização",
    ],
    "wifi": ["cuál es la clave del wifi?", "hay wifi?", "what's the wifi password?", "qual é a senha do wifi?"],
    "breakfast": [
        "a qué hora es el desayuno?",
        "el desayuno está incluido?",
        "precio con desayuno incluido?",
        "what time is breakfast?",
        "is breakfast included",
        "que horas é o café da manhã?",
        "o café da manhã está incluso?",
    ],
    "pool": ["tiene piscina?", "tenés pileta?", "is there a pool?", "tem piscina?"],
    "parking": ["tienen estacionamiento?", "dónde dejo el auto?", "do you have parking?", "tem estacionamento?"],
    "pets": ["se aceptan mascotas?", "puedo llevar a mi perro?", "are dogs allowed?", "aceitam animais?"],
    "payment": [
        "acepta transferencia?",
        "cómo puedo pagar?",
        "puedo pagar con tarjeta?",
        "do you take credit cards?",
        "aceitam pix?",
        "formas de pago",
    ],
    "invoice": ["hacen factura A?", "can I get an invoice?", "emitem nota fiscal?"],
    "transport": [
        "como llegar desde terminal?",
        "hay transfer?",
        "cuánto tardan en llegar del aeropuerto?",
        "do you have an airport shuttle?",
        "tem translado?",
    ],
    "services": [
        "qué servicios tienen?",
        "que incluye la habitación?",
        "what amenities do you have?",
        "quais serviços vocês oferecem?",
    ],
    "kids": ["tienen cuna?", "do you have a crib?", "tem berço?", "los chicos pagan?"],
    "hours": [
        "cuál es el horario de recepción?",
        "a qué hora cierra la recepción",
        "reception hours?",
        "horário da recepção?",
    ],
    "phone": ["cuál es el teléfono?", "what's your phone number?", "qual o telefone da recepção?"],
    "complaint": [
        "quiero hacer una queja",
        "esto es un desastre",
        "pésima atención",
        "quiero hablar con el gerente",
        "I want to make a complaint",
        "terrible service",
        "quero fazer uma reclamação",
        "estoy muy enojada",
    ],
    "gym": ["tienen gimnasio?", "is there a gym?", "tem academia?"],
    "access": ["es accesible para silla de ruedas?", "is there a lift?", "tem elevador?"],
    "smoking": ["se puede fumar?", "can I smoke?", "pode fumar?"],
    "restaurant": ["hay restaurante?", "can we have dinner there?", "tem restaurante?"],
    "laundry": ["tienen lavandería?", "do you have laundry service?", "tem lavanderia?"],
}
NO_QUESTIONS = [
    "quiero reservar del 1 al 3 de enero para 2 personas",
    "hola",
    "gracias",
    "2 adultos y 1 niño",
    "no anda el aire",
    "quiero cancelar mi reserva",
    "puedo hacer late checkout?",
    "tenes lugar para manana?",
    "una doble para dos",
    "do you have any rooms?",
    "a que hora sale el sol",
    "me quedaria hasta las 14hs",
    "quiero una habitación con vista",
    "necesito un taxi a las 8",
    "cambiar las fechas",
    "quero reservar um quarto",
]


def talk(language: str = "", **facts: Any) -> Rehearsal:
    return Rehearsal(BUSINESS, language, facts={**FACTS, **facts})


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def opened(turn: Turn) -> list[TicketOpened]:
    return [record for record in turn.records if isinstance(record, TicketOpened)]


@pytest.mark.parametrize(("topic", "text"), [(topic, text) for topic, texts in GOOD.items() for text in texts])
def test_a_question_is_understood(topic: str, text: str) -> None:
    asked = DESK.read(text, Expectation()).guesses.get(GUESS) if DESK.read else None
    assert asked is not None and topic in asked.value.split()


@pytest.mark.parametrize("text", NO_QUESTIONS)
def test_a_wish_is_no_question(text: str) -> None:
    assert DESK.read is not None and GUESS not in DESK.read(text, Expectation()).guesses


def test_an_answer_names_its_source_and_its_day() -> None:
    told = said(talk().say("¿a qué hora es el desayuno?"))
    assert "de 7 a 10" in told and "según recepción, al viernes 20 de febrero" in told


def test_a_text_that_reception_wrote_in_another_language_only_is_asked_of_reception() -> None:
    """The parking stands there in Spanish and English."""
    assert "open-air" in said(talk("en").say("do you have parking?"))
    written = {"all": {"parking": {"es": "Sin cargo.", "en": "", "pt": "", "updated": "2026-02-20"}}}
    [ticket] = opened(talk("en", house_info=written).say("do you have parking?"))
    assert (ticket.kind, ticket.summary) == ("question", "do you have parking?")


def test_what_nobody_wrote_down_is_asked_of_reception_with_its_words_and_the_next_question_goes_with_it() -> None:
    made = talk()
    turn = made.say("¿tienen pileta?")
    [ticket] = opened(turn)
    assert (ticket.kind, ticket.summary, ticket.priority) == ("question", "¿tienen pileta?", "normal")
    assert ticket.number in said(turn) and "recepción" in said(turn)
    again = made.say("¿y aceptan mascotas?")
    assert not opened(again)
    assert [record.number for record in again.records if isinstance(record, TicketAdded)] == [ticket.number]


BOOKING = {
    "reference": "H-ABC234",
    "resource": "",
    "state": "booked",
    "attention": "",
    "amount": "1.00",
    "currency": "ARS",
}


def booking(state: str, lower: str, upper: str) -> dict[str, Any]:
    return {**BOOKING, "state": state, "lower": lower, "upper": upper, "key": "k", "hold": "", "content": {}}


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ([], False),
        ([booking("booked", "2026-03-01", "2026-03-04")], True),
        ([booking("booked", "2026-04-01", "2026-04-04")], True),
        ([booking("booked", "2026-02-01", "2026-02-04")], False),  # over
        ([booking("cancelled", "2026-03-01", "2026-03-04")], False),
        ([booking("unknown", "2026-03-01", "2026-03-04")], False),
    ],
)
def test_the_password_of_the_wifi_is_told_to_those_who_have_a_booking(own: list[Any], told: bool) -> None:
    answer = said(talk(bookings={"mine": own}).say("¿cuál es la clave del wifi?"))
    assert "Mirador Huéspedes" in answer and ("lago2026" in answer) is told


@pytest.mark.parametrize("text", GOOD["complaint"])
def test_a_complaint_is_an_apology_an_urgent_ticket_and_a_person(text: str) -> None:
    turn = talk("en" if text.isascii() and " " in text and text.split()[0] in ("I", "terrible") else "").say(text)
    [ticket] = opened(turn)
    assert (ticket.kind, ticket.priority, ticket.summary) == ("complaint", "urgent", text)
    assert ticket.number in said(turn) and turn.after.state == "rested"


def test_a_complaint_about_a_room_starts_no_search_for_one() -> None:
    turn = talk().say("quiero hacer una queja, la habitación está sucia")
    assert turn.after.flow == "hotel" and [ticket.kind for ticket in opened(turn)] == ["complaint"]


def test_days_that_stand_beside_a_question_are_kept() -> None:
    turn = talk().say("una doble del 10 al 12 de marzo para 2 adultos, ¿el desayuno está incluido?")
    assert "incluido en la tarifa" in said(turn) and turn.after.state == "searching"


def test_a_question_in_the_midst_of_a_form_leaves_the_form_as_it_was() -> None:
    made = talk()
    made.say("quiero reservar")
    turn = made.say("¿a qué hora es el check-in?")
    assert "15:00" in said(turn) and (turn.after.flow, turn.after.state) == ("hotel_stay", "asking")


def test_where_is_answered_with_the_address_and_a_pin_on_the_map() -> None:
    turn = talk().say("¿dónde están?")
    assert [reply.kind for reply in turn.replies] == ["text", "location"]
    assert "Av. del Lago 1250" in turn.replies[0].text
    place = turn.replies[1].place
    assert place is not None and (place.latitude, place.name) == (-41.1335, "Hotel Mirador")


def test_where_no_pin_can_be_shown_a_button_opens_the_map() -> None:
    made = talk()
    event = Event("e0", "text", channel_kind="web", text="¿dónde están?", sent_at=made.now)
    [reply] = made.step(event, made.read(event)).replies
    assert reply.kind == "link" and "query=-41.1335,-71.3103" in reply.link and "Av. del Lago" in reply.text


def test_without_coordinates_the_address_is_all_that_is_said() -> None:
    settings = {name: value for name, value in BUSINESS.settings.items() if name != "latitude"}
    turn = Rehearsal(replace(BUSINESS, settings=settings), facts=FACTS).say("¿dónde están?")
    assert [reply.kind for reply in turn.replies] == ["text"]


def test_a_place_asked_for_among_other_lines_is_shown() -> None:
    lines = {"burst": ["hola", "¿dónde están?", "¿a qué hora es el desayuno?"]}
    told = replay(BUSINESS, {"lines": [lines]}, FACTS)
    assert any("🗺" in str(line.get("we", "")) for line in told), told

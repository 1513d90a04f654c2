"""A question is no wrong answer: it is answered from the desk's data in any state, in a line, and what was asked stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import desks
from bot.desks.it import DESK as IT
from bot.nlu.questions import GUESS
from bot.script.faq import Faq, Topic
from core.messages import Event
from core.reading import Expectation
from tests.unit.talk import DESK, IT_DESK, Talk

ASKED = {
    "field": {
        "how_long": "¿cuánto tarda?|y como cuanto tardan en venir|cuanto tengo que esperar???|en cuánto tiempo vienen|cuándo vienen?|"
        "how long will it take?|when will somebody come?",
        "price": "¿tiene costo?|cuánto cuesta la visita?|cuanto me cobran|es gratis?|me van a cobrar?|how much does it cost?",
        "hours": "y a que hora abren?|qué horario tienen|abren los domingos?|hasta que hora atienden?|when are you open?",
        "where": "donde estan ubicados?|cuál es su dirección|dónde quedan|where are you located?",
        "phone": "a que telefono puedo llamar?|tienen teléfono?|me das tu teléfono|can I call somebody?",
        "technician": "¿el técnico viene hoy?|donde esta mi tecnico?|no ha venido nadie|a que hora llega el mecanico|where is my technician?",
        "robot": "eres un robot o una persona?|hablo con una persona real?|are you a robot?",
        "name": "como te llamas|con quien tengo el gusto|quien eres|who is this?",
        "why_code": "para que quieres el codigo?|por que me piden el codigo|why do you need that code?",
        "sap": "que es el codigo sap?|pos cual codigo joven|what is the SAP code?",
        "other_appliance": "se me descompuso la lavadora|arreglan aires acondicionados?|my washing machine is broken",
        "other_business": "quiero reservar una habitacion",
        "wrong_number": "me equivoque de numero perdon",
        "complaint": "quiero poner una queja|los voy a denunciar en profeco|I want to complain",
        "invoice": "necesito una factura|me mandan mi factura?",
    },
    "it": {
        "price": "cuanto sale que venga un tecnico?|tiene costo?|necesito un presupuesto|how much is it?",
        "hours": "a que hora atienden?|qué horario tienen|trabajan los sábados?",
        "where": "donde queda el local?|tienen local?|where are you?",
        "how_long": "cuanto tarda?|cuando me llaman?|when will he call me?",
        "modem": "que es el modem?|cual es el modem|what is a router?",
        "browser": "qué es el navegador?",
        "data": "para que queres mi nombre|pero por que tengo que aceptar?",
        "robot": "sos un robot?|hay alguien ahí?",
        "other_appliance": "no me anda el lavarropas",
    },
}
EVERY = [
    (desk, topic, text)
    for desk, topics in ASKED.items()
    for topic, texts in topics.items()
    for text in texts.split("|")
]


@pytest.mark.parametrize("desk", ASKED)
def test_a_question_is_heard_whatever_was_asked(desk: str) -> None:
    misheard = []
    for name, topic, text in EVERY:
        for expects in (
            Expectation(desk=name),
            Expectation("slot", "problem", desk=name),
            Expectation("yes_no", desk=name),
        ):
            guess = desks.read(Event("e", "text", text=text), expects).guesses.get(GUESS) if name == desk else None
            if name == desk and (guess is None or topic not in str(guess.value).split()):
                misheard.append((text, topic, expects.kind, guess and guess.value))
    assert misheard == []


@pytest.mark.parametrize(
    "text",
    ["no enfría", "se tarda mucho en enfriar", "el refri de la esquina", "av. hidalgo 20", "cuando lo prendo truena"],
)
def test_a_description_is_no_question(text: str) -> None:
    assert GUESS not in desks.read(Event("e", "text", text=text), Expectation("slot", "problem", desk="field")).guesses


def said(talk: Talk, line: str) -> str:
    return "\n".join(reply.text for reply in talk.say(line).replies)


STANDING = {
    (): "",
    ("hola",): "",
    ("refrigerador",): "código SAP",
    ("refrigerador", "4045101"): "¿Es el VR-20",
    ("refrigerador", "4045101", "si"): "¿Qué le pasa",
    ("vehiculo",): "número de empleado",
}


@pytest.mark.parametrize("lines", STANDING)
def test_the_answer_is_a_line_and_the_standing_question_follows(lines: tuple[str, ...]) -> None:
    talk = Talk()
    for line in lines:
        talk.say(line)
    before = talk.session
    told = said(talk, "¿cuánto tardan?")
    assert "menos de 2 h" in told and STANDING[lines] in told and "válido" not in told
    assert talk.session.slots == before.slots and talk.session.misses == 0


def test_a_question_within_an_answer_is_answered_and_the_answer_taken() -> None:
    talk = Talk()
    talk.say("refrigerador")
    told = said(talk, "4045101, ¿cuánto tardan?")
    assert "menos de 2 h" in told and "Abarrotes Lupita" in told and talk.session.slots["sap_code"].value == "4045101"
    talk.say("si")
    assert "menos de 2 h" in (told := said(talk, "no enfría nada, ¿y cuánto tardan?")) and "Reporte creado" in told
    assert "no enfría nada\n" in told


def test_the_centre_of_the_customers_town_answers() -> None:
    talk = Talk()
    assert "Guadalajara" in said(talk, "a que telefono puedo llamar?")
    talk.say("refrigerador 4045101")
    assert "3355550103" not in (told := said(talk, "a que telefono puedo llamar?")) and "8155550101" in told


def test_an_unknown_price_is_said_to_be_unknown() -> None:
    talk = Talk(desk=replace(DESK, settings={}))
    assert "no lo sé" in said(talk, "cuanto cuesta?").lower()


def test_a_question_that_no_data_answers_is_admitted_and_a_person_offered() -> None:
    talk = Talk()
    talk.say("refrigerador")
    told = said(talk, "¿puedo pagar con tarjeta en la tienda?")
    assert "Eso no lo sé" in told and "código SAP" in told and talk.session.misses == 0
    assert talk.say("sí").after.notes["person_wanted_at"]


def test_it_answers_before_consent_too() -> None:
    talk = Talk("es-AR", desk=IT_DESK)
    assert "asistente automático" in said(talk, "sos un robot?")


def test_every_answer_of_every_desk_is_whole_in_its_languages() -> None:
    for desk in desks.DESKS.values():
        assert list(desk.faq.problems(desk.languages)) == []
    wrong = Faq({"x": Topic("x", ("x",), {"es": "{nope}"})}, IT.faq.values)
    assert [*wrong.problems(("es", "en"))] == ["faq/en.toml:1: it does not answer 'x'", "faq: x: no such value: 'nope'"]

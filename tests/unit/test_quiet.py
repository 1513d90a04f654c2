"""A person means quiet: who asked for one is told who comes and when, may leave a number, and is asked nothing more."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from bot.nlu import names
from core.messages import Event, Identity
from core.turn import Turn
from tests.unit.talk import DESK, IT_DESK, Talk


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def waiting(*lines: str, **facts: Any) -> Talk:
    talk = Talk()
    talk.facts = {**talk.facts, **facts}
    for line in (*lines, "quiero hablar con una persona"):
        talk.say(line)
    return talk


PLACES = [
    (),
    ("hola",),
    ("refrigerador",),
    ("refrigerador", "4045101"),
    ("refrigerador", "4045101", "sí"),
    ("vehiculo",),
]


@pytest.mark.parametrize(
    ("lines", "line"), product(PLACES, ["que porqueria", "???", "asdf", "hola", "hay alguien", "urge"])
)
def test_nothing_is_asked_of_who_waits(lines: tuple[str, ...], line: str) -> None:
    talk = waiting(*lines)
    assert "Ya avisé" in said(talk.turns[-1]) and "¿" not in said(talk.turns[-1])
    turn = talk.say(line)
    assert "¿" not in said(turn) and not any(reply.options for reply in turn.replies)
    assert (
        turn.after.notes["person_wanted_at"] and not {"inactivity_warn", "inactivity_close"} & turn.after.timers.keys()
    )


def test_the_form_goes_on_when_the_customer_goes_on() -> None:
    talk = waiting("refrigerador")
    assert "Encontré este equipo" in said(talk.say("4045101"))
    assert "Equipo confirmado" in said(talk.say("sí"))


def test_a_free_text_that_was_asked_before_is_not_filled_with_what_is_said_meanwhile() -> None:
    talk = waiting("refrigerador", "4045101", "sí")
    talk.say("llevo una hora en esto")
    assert "problem" not in talk.session.slots
    assert "Reporte creado" in said(talk.say("no enfría nada"))


def test_hours_and_the_wait_of_the_record_are_told_and_an_unknown_wait_is_said_to_be_unknown() -> None:
    assert "8:00 a 18:00" in said(waiting().turns[-1]) and "No sé decirte" in said(waiting().turns[-1])
    known = waiting(first_answer={"desk": {"minutes": 12}})
    assert "unos 12 minutos" in said(known.turns[-1])
    assert "unos 12 minutos" in said(known.say("cuanto tengo que esperar?"))


@pytest.mark.parametrize("line", ["8112223344", "+52 81 1222 3344", "llámenme al 81-1222-3344 por favor"])
def test_a_number_is_kept_for_a_call_and_fills_no_form(line: str) -> None:
    talk = waiting("refrigerador")
    assert "☎️" in said(talk.say(line))
    assert talk.session.notes["callback"] in line and "sap_code" not in talk.session.slots


def test_who_asks_to_be_called_waits_for_a_person_from_then_on() -> None:
    talk = Talk()
    turn = talk.say("me pueden llamar por telefono al 8112223344?")
    assert "☎️" in said(turn) and turn.after.notes["person_wanted_at"]


def test_the_name_of_who_served_last_is_told() -> None:
    talk = Talk()
    talk.say("hola")
    talk.event("agent", action="take_over", agent="ana", name="Ana")
    talk.event("agent", action="answer", agent="ana", text="Hola")
    talk.event("agent", action="release", agent="ana")
    assert "Ya avisé a Ana" in said(talk.say("persona"))


def test_asked_again_it_says_that_the_person_still_comes() -> None:
    assert "Sigue pendiente" in said(waiting().say("quiero hablar con una persona"))


def test_an_answer_of_staff_ends_the_quiet() -> None:
    talk = waiting("refrigerador")
    talk.event("agent", action="take_over", agent="ana")
    talk.event("agent", action="answer", agent="ana", text="Hola")
    talk.event("agent", action="release", agent="ana")
    assert "código SAP" in said(talk.say("asdf"))


def test_a_contact_card_is_offered_as_a_call() -> None:
    talk = Talk()
    card = {"name": {"formatted_name": "Juan Técnico"}, "phones": [{"phone": "+52 81 1111 2222"}]}
    assert "¿Quieres que llamemos a *Juan Técnico*" in said(talk.event("contacts", contacts=[card]))
    turn = talk.say("sí")
    assert "Juan Técnico" in said(turn) and turn.after.notes["person_wanted_at"]
    assert "no puedo leer" in said(Talk().event("contacts", contacts=[{"name": "x"}]))


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        ("Doña Chelo 🌸", "Chelo"), ("RAMIRO", "Ramiro"), ("maría josé lópez", "María"), ("🌸🌸", ""), ("5215512345678", ""),
        ("Abarrotes Lupita", ""), ("Refrigeración Hermanos López", ""), ("Soporte Microsoft", ""), ("Pendejo", ""), ("Taller El Güero", ""), ("4045101", ""), ("Ana 2", ""), ("", ""), ("X", ""),
    ],
)  # fmt: skip
def test_a_profile_is_a_name_only_where_it_is_one(profile: str, name: str) -> None:
    assert names.of_profile(profile) == name


def test_the_customer_is_greeted_by_name() -> None:
    talk = Talk()
    event = Event("e0", "text", text="hola", sender=Identity((("wa_id", "52155"),), "Doña Chelo"), sent_at=talk.now)
    assert "¡Hola, Chelo!" in said(talk.step(event, talk.read(event)))
    assert "Chelo" not in said(Talk(desk=replace(DESK, name="Otro")).say("hola"))


GLOBAL = ("ya no", "me pueden ayudar", "ayuda", "gracias", "❌", "necesito ayuda", "bye", "no entiendo")
CONTENT = ("el refri no enfría", "4045101", "mi camioneta no prende", "el enfriador tira agua")


@pytest.mark.parametrize(("word", "content"), product(GLOBAL, CONTENT))
def test_a_word_that_works_everywhere_loses_to_content(word: str, content: str) -> None:
    for text in (f"{content}, {word}", f"{word} {content}", f"{word}, {content}"):
        reading = Talk().read(Event("e", "text", text=text))
        assert reading.intent not in ("cancel", "help", "farewell", "thanks"), text
        assert reading.guesses, text


@pytest.mark.parametrize("word", ["ya no", "❌"])
def test_while_a_free_text_is_asked_it_cancels_nothing(word: str) -> None:
    talk = Talk()
    for line in ("refrigerador", "4045101", "sí", word):
        talk.say(line)
    assert talk.session.slots["sap_code"].value == "4045101"


def test_the_it_desk_is_quiet_as_well() -> None:
    talk = Talk("es-AR", desk=IT_DESK)
    talk.say("hola")
    talk.session.notes["person_wanted_at"] = talk.now.isoformat()  # type: ignore[index]
    talk.session.notes["quiet"] = True  # type: ignore[index]
    assert "¿" not in said(talk.say("asdf qwer"))

"""Odd things at the field desk: a bare “no” wherever it may be said, numbers in the wrong place, places nobody asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desks import FLOWS
from core.turn import SurveyAnswer, SurveyFinished, TicketOpened, Turn
from tests.unit.talk import Talk

FIELD = ("menu", "refrigerator", "vehicle", "tickets", "survey")


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def talk(*heard: str) -> Talk:
    made = Talk()
    for text in heard:
        made.say(text)
    return made


def surveyed(*heard: str) -> Talk:
    made = talk("hola", "cancelar")
    made.event("ticket", number="TKT-1A2B3C4D", status="resolved")
    made.now += timedelta(hours=30)
    made.timer("survey:TKT-1A2B3C4D", ticket="TKT-1A2B3C4D")
    for text in heard:
        made.say(text)
    return made


def guessed(flow: str) -> Talk:
    """A report whose problem was only seen on a photo."""
    made = talk("refrigerador", "4045101", "sí") if flow == "refrigerator" else talk("carro", "54321", "483765")
    fault = {"kind": "", "problem": "gotea agua por debajo", "confidence": 0.9}
    made.event("media_result", **{"for": "image", "purpose": "problem", "outcome": "ok", "codes": [], "fault": fault})
    if flow == "vehicle":
        made.say("Av. Juárez 120, colonia Centro")
    return made


PLACES = {
    "menu.waiting": lambda: talk("hola"),
    "menu.maybe_refrigerator": lambda: photographed("refrigerator"),
    "menu.maybe_vehicle": lambda: talk("Quiero reportar ya que me quedé sin gas"),
    "refrigerator.filling": lambda: talk("refrigerador"),
    "refrigerator.choosing_equipment": lambda: talk("refrigerador", "no encuentro el codigo"),
    "refrigerator.confirming_equipment": lambda: talk("mi refrigerador 4045101 no enfría"),
    "refrigerator.confirming_problem": lambda: guessed("refrigerator"),
    "refrigerator.already_open": lambda: talk("mi refrigerador 4045109 no enfría", "sí"),
    "vehicle.filling": lambda: talk("carro", "54321"),
    "vehicle.confirming_problem": lambda: guessed("vehicle"),
    "tickets.choosing": lambda: talk("mis reportes"),
    "survey.invited": lambda: surveyed(),
    **{f"survey.question_{n}": lambda n=n: surveyed("aceptar", *["5"] * (n - 1)) for n in range(1, 7)},
    "survey.commenting": lambda: surveyed("aceptar", *["5"] * 6),
    "survey.writing": lambda: surveyed("aceptar", *["5"] * 6, "sí"),
}
"""How one gets to each place where a customer of the field desk may be asked something."""


def photographed(kind: str) -> Talk:
    made = talk("hola")
    fault = {"kind": kind, "problem": "gotea agua por debajo", "confidence": 0.9}
    made.event("media_result", **{"for": "image", "purpose": "fault", "outcome": "ok", "codes": [], "fault": fault})
    return made


def test_every_place_is_listed() -> None:
    places = {f"{name}.{state.name}" for name in FIELD for state in FLOWS[name].states.values() if not state.final}
    assert places == PLACES.keys()


NO_IS_ANOTHER_REPORT = "refrigerator.already_open"
"""“Shall I add it to the open one?”: a no asks for another report, and the question says so."""


@pytest.mark.parametrize("place", sorted(PLACES.keys() - {NO_IS_ANOTHER_REPORT}))
@pytest.mark.parametrize("no", ["no", "No.", "nel"])
def test_a_bare_no_opens_nothing_rates_nothing_and_cancels_no_report(place: str, no: str) -> None:
    made = PLACES[place]()
    assert made.where == place
    given = {name for name in made.session.slots if name not in ("sap_code", "problem")}
    turn = made.say(no)
    assert not [r for r in turn.records if isinstance(r, TicketOpened | SurveyAnswer)]
    assert turn.replies, "somebody who says no hears something"
    assert "cancelé" not in said(turn)
    if place.startswith(("refrigerator", "vehicle")):
        assert made.where.split(".")[0] == place.split(".")[0]
        assert given <= made.session.slots.keys()


def test_an_employee_number_where_a_code_is_asked_is_told_not_to_be_one() -> None:
    made = talk("refrigerador")
    turn = made.say("mi número de empleado es 54321")
    assert made.where == "refrigerator.filling" and "sap_code" not in made.session.slots
    assert "código" in said(turn)


def test_a_bare_number_where_a_code_is_asked_is_looked_up_and_not_found() -> None:
    made = talk("refrigerador")
    turn = made.say("54321")
    assert "No encontré el código *54321*" in said(turn) and "sap_code" not in made.session.slots


def test_a_phone_number_where_a_code_is_asked_is_none() -> None:
    made = talk("refrigerador")
    for written in ("+52 81 1234 5678", "mi teléfono es 8112345678"):
        made.say(written)
        assert made.where == "refrigerator.filling" and "sap_code" not in made.session.slots


@pytest.mark.parametrize("written", ["95.1234, -100.28", "25.65, -190.5", "0.00, 0.00"])
def test_coordinates_outside_the_world_are_no_place(written: str) -> None:
    made = talk("carro", "54321", "483765", "no enciende")
    turn = made.say(written)
    assert made.where == "vehicle.filling" and not turn.records
    assert not {"location", "address"} & made.session.slots.keys()


@pytest.mark.parametrize("heard", [("hola",), ("refrigerador",)])
def test_a_place_that_comes_early_is_kept_and_named(heard: tuple[str, ...]) -> None:
    made = talk(*heard)
    where = made.where
    turn = made.event("location", latitude=25.65, longitude=-100.28, name="Casa", address="Calle 5")
    assert "Anoté la dirección «Casa, Calle 5»" in said(turn) and made.where == where
    assert {"location", "address"} <= made.session.slots.keys()


def test_a_place_that_nobody_has_use_for_is_thanked_for_and_kept_nowhere() -> None:
    made = talk("mis reportes")
    where = made.where
    turn = made.event("location", latitude=25.65, longitude=-100.28, name="Casa", address="Calle 5")
    assert "Gracias por tu ubicación" in said(turn) and made.where == where
    assert not {"location", "address"} & made.session.slots.keys()


@pytest.mark.parametrize("both", ["4 y 5", "5, 3", "del 1 al 5", "un 4 o un 3", "2 y medio 3"])
def test_two_marks_in_one_message_are_none_and_the_question_comes_again(both: str) -> None:
    made = surveyed("aceptar", "5")
    turn = made.say(both)
    assert turn.records == () and made.where == "survey.question_2"
    assert "del 1 al 5" in said(turn) and "2️⃣" in said(turn)


@pytest.mark.parametrize(
    "comment",
    [
        "Muy amables, gracias",
        "gracias",
        "todo bien",
        "Muchas gracias por todo",
        "ok",
        "Excelente servicio",
        "hola, tardaron",
    ],
)
def test_whatever_is_written_as_a_comment_is_the_comment(comment: str) -> None:
    made = surveyed("aceptar", *["5"] * 6, "sí")
    [finished] = [r for r in made.say(comment).records if isinstance(r, SurveyFinished)]
    assert (finished.status, finished.comment) == ("completed", comment)


@pytest.mark.parametrize(
    "comment",
    ["El técnico fue muy amable", "Llegaron tarde pero bien", "levanté el reporte el lunes y vinieron el martes"],
)
def test_who_is_asked_whether_to_comment_may_just_do_so(comment: str) -> None:
    made = surveyed("aceptar", *["5"] * 6)
    [finished] = [r for r in made.say(comment).records if isinstance(r, SurveyFinished)]
    assert (finished.status, finished.comment) == ("completed", comment)


@pytest.mark.parametrize("fault", ["mi refrigerador sigue sin enfriar", "quiero reportar otra falla"])
def test_a_fault_told_instead_of_a_comment_is_a_report(fault: str) -> None:
    made = surveyed("aceptar", *["5"] * 6)
    made.say(fault)
    assert made.where in ("refrigerator.filling", "menu.waiting", "menu.maybe_refrigerator")


@pytest.mark.parametrize("word", ["no", "no gracias", "cancelar"])
def test_who_wants_to_write_no_comment_after_all_is_let_go(word: str) -> None:
    made = surveyed("aceptar", *["5"] * 6, "sí")
    [finished] = [r for r in made.say(word).records if isinstance(r, SurveyFinished)]
    assert (finished.status, finished.comment) == ("completed", "")


def test_a_pin_named_as_a_place_outside_the_world_leaves_no_address_behind() -> None:
    made = talk("carro")
    made.event("location", latitude=200.0, longitude=10.0, name="Luna", address="Mar de la Tranquilidad")
    assert not {"location", "address"} & made.session.slots.keys()

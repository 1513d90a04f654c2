"""After the ticket a customer is known: what is written belongs to it, and nothing is said to be done that is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.nlu import aftercare
from core.turn import TicketAdded, TicketChanged, TicketOpened, Turn
from tests.unit.talk import DESK, IT_DESK, Talk

REPORT = ("mi refri 4045101 no enfría", "sí")


@pytest.fixture
def talk() -> Talk:
    made = Talk()
    for line in REPORT:
        made.say(line)
    return made


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def changes(turn: Turn) -> list[TicketChanged]:
    return [record for record in turn.records if isinstance(record, TicketChanged)]


def added(turn: Turn) -> list[str]:
    return [record.text for record in turn.records if isinstance(record, TicketAdded)]


def number(talk: Talk) -> str:
    return next(iter(talk.opened))


@pytest.mark.parametrize("asks", ["ya no", "cancela el ticket", "cancelar", "cancela mi reporte por favor"])
def test_cancel_is_asked_and_then_done(talk: Talk, asks: str) -> None:
    asked = talk.say(asks)
    assert not asked.records and number(talk) in said(asked) and "¿Cancelo" in said(asked)
    done = talk.say("sí")
    assert changes(done) == [TicketChanged(number(talk), "status", "pending", "cancelled", "customer")]
    assert "cancelé" in said(done)


def test_no_leaves_the_ticket_as_it_is(talk: Talk) -> None:
    talk.say("cancela mi reporte")
    done = talk.say("no")
    assert not done.records and "sigue como estaba" in said(done)


def test_nothing_is_said_to_be_cancelled_that_is_not(talk: Talk) -> None:
    talk.say("cancela mi reporte")
    talk.tickets[number(talk)]["status"] = "in_progress"
    done = talk.say("sí")
    assert not changes(done) and "cancelé" not in said(done)
    assert talk.session.notes["person_wanted_at"]


@pytest.mark.parametrize(
    ("status", "asks", "told"),
    [
        ("in_progress", "cancela mi reporte", "le avisé al equipo"),
        ("in_progress", "ya funciona", "le avisé al equipo"),
        ("resolved", "cancela mi reporte", "ya está cerrado"),
        ("cancelled", "cancela mi reporte", "ya está cerrado"),
    ],
)
def test_a_ticket_that_is_not_waiting_is_not_changed_by_its_customer(
    talk: Talk, status: str, asks: str, told: str
) -> None:
    talk.tickets[number(talk)]["status"] = status
    turn = talk.say(asks)
    assert not changes(turn) and told in said(turn)


def test_a_ticket_of_somebody_else_is_not_touched(talk: Talk) -> None:
    talk.say("cancela mi reporte")
    turn = talk.say("cancela el reporte TKT-9999AAAA")
    assert not turn.records and "no está asociado a tu número" in said(turn)


@pytest.mark.parametrize(
    "line", ["se me olvido decirles que tambien hace mucho ruido", "estamos a la vuelta de la iglesia"]
)
def test_what_is_told_is_added(talk: Talk, line: str) -> None:
    turn = talk.say(line)
    assert added(turn) == [line]
    assert number(talk) in said(turn)


def test_several_lines_told_at_once_are_one_answer(talk: Talk) -> None:
    from bot.engine import bursts

    turns = bursts.one_answer([talk.say("también huele raro"), talk.say("y hace ruido")])
    assert [text for turn in turns for text in added(turn)] == ["también huele raro", "y hace ruido"]
    assert sum(len(turn.replies) for turn in turns) == 1


def test_a_greeting_asks_whether_it_is_about_the_ticket(talk: Talk) -> None:
    talk.session = replace(talk.session, contact_name="Chelo Ruiz")
    turn = talk.say("hola")
    assert "¡Hola, Chelo!" in said(turn) and number(talk) in said(turn) and "¿es por ese?" in said(turn)


def test_the_hours_are_over(talk: Talk) -> None:
    talk.wait("+49h")
    assert talk.say("hola").after.flow == "menu"


def test_a_desk_may_remember_shorter() -> None:
    talk = Talk(desk=replace(DESK, settings={"remember_h": 1}))
    for line in REPORT:
        talk.say(line)
    talk.wait("+2h")
    assert talk.say("hola").after.flow == "menu"


def test_a_question_that_nobody_answered_is_forgotten_with_the_case(talk: Talk) -> None:
    talk.say("hola")
    talk.wait("+49h")
    assert talk.say("la camioneta no arranca").after.flow == "vehicle"


@pytest.mark.parametrize("line", ["la camioneta no arranca", "el 4045102 tira agua", "vehículo"])
def test_another_thing_is_another_report(talk: Talk, line: str) -> None:
    turn = talk.say(line)
    assert not added(turn) and turn.after.flow in ("vehicle", "refrigerator", "menu")


def test_the_same_kind_of_thing_is_asked_about_and_nothing_of_it_is_lost(talk: Talk) -> None:
    assert "¿es por ese?" in said(talk.say("mi refri gotea agua"))
    assert added(talk.say("sí")) == ["mi refri gotea agua"]
    talk.say("mi refri gotea agua")
    talk.say("no")
    for line in ("4045102", "sí"):
        turn = talk.say(line)
    [ticket] = [record for record in turn.records if isinstance(record, TicketOpened)]
    assert ticket.summary == "gotea agua"


def test_at_the_it_desk_too() -> None:
    talk = Talk("es-AR", desk=IT_DESK)
    for line in ("hola", "técnico", "sí"):
        talk.say(line)
    assert added(talk.say("me olvide de decir que es una mac")) == ["me olvide de decir que es una mac"]
    talk.say("quiero cancelar el ticket")
    assert [change.after for change in changes(talk.say("sí"))] == ["cancelled"]


WORDS = {
    "when": ["¿cuándo vienen?", "a que hora llega", "¿por dónde vienen?", "when will he call me?", "ya vienen?", "nadie ha venido"],
    "works": ["ya quedo", "ya funciona gracias", "it works again", "ya imprime!!", "se arregló solo", "volvió a enfriar", "ya lo arreglé yo"],
    "adds": ["me olvidé de decir que es nueva", "can I add that it only happens at night?", "se me olvidó contar algo"],
    "": ["ya no funciona", "tampoco enfría", "no anda", "it's not working", "funciona mal", "no quedó arreglado", "tira agua", "todavía no funciona", "cuánto cuesta?"],
}  # fmt: skip


def test_words_about_a_case() -> None:
    for meant, lines in WORDS.items():
        for line in lines:
            assert aftercare.meant(line) == meant, line

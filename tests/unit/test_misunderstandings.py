"""Words that mean one thing here and another there: what stands decides, and nothing that was given is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import ticket_numbers
from core.turn import SurveyAnswer, SurveyFinished, TicketOpened, Turn
from tests.unit.talk import Talk


def talk(*heard: str) -> Talk:
    made = Talk()
    for text in heard:
        made.say(text)
    return made


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def survey(question: int = 1) -> Talk:
    """Somebody who is asked this question of the survey."""
    made = talk("hola", "cancelar")
    made.event("ticket", number="TKT-1A2B3C4D", status="resolved")
    made.now += timedelta(hours=30)
    made.timer("survey:TKT-1A2B3C4D", ticket="TKT-1A2B3C4D")
    made.say("aceptar")
    for _ in range(1, question):
        made.say("5")
    return made


CONFIRMATIONS = {
    "menu.maybe_vehicle": ("Quiero reportar ya que me quedé sin gas",),
    "refrigerator.confirming_equipment": ("refrigerador", "4045101"),
}


@pytest.mark.parametrize(("where", "heard"), CONFIRMATIONS.items())
@pytest.mark.parametrize("no", ["no", "No", "nel", "NO."])
def test_no_rejects_what_was_asked_and_cancels_nothing(where: str, heard: tuple[str, ...], no: str) -> None:
    made = talk(*heard)
    assert made.where == where
    assert made.say(no).trigger == "no"
    assert made.where.split(".")[0] == where.split(".")[0]
    assert "cancel" not in made.session.state and "cancelé" not in said(made.turns[-1])


def test_no_alone_cancels_no_report_where_no_confirmation_is_pending() -> None:
    made = talk("refrigerador", "4045101", "sí", "no")
    assert made.where == "refrigerator.filling" and made.session.slots["sap_code"].value == "4045101"


@pytest.mark.parametrize("text", ["tengo un problema", "hay un error", "tengo un problema con mi jefe", "hace frío"])
def test_a_complaint_that_names_no_equipment_is_no_report_of_any(text: str) -> None:
    made = talk(text)
    assert made.where == "menu.waiting" and "problem" not in made.session.slots


def test_each_number_answers_the_question_that_stands() -> None:
    made = talk("carro", "5544332211", "4837657", "no enciende el motor", "5512345678")
    slots = {name: slot.value for name, slot in made.session.slots.items()}
    assert slots == {"employee_number": "5544332211", "sap_code": "4837657", "problem": "no enciende el motor"}
    assert made.where == "vehicle.filling"


def test_two_numbers_in_one_message_are_told_apart_by_the_words_before_them() -> None:
    made = talk("numero de empleado 276543476 y numero de carro 483765723 no enciende")
    assert made.session.slots["employee_number"].value == "276543476"
    assert made.session.slots["sap_code"].value == "483765723"


def test_a_number_longer_than_any_code_is_none() -> None:
    made = talk("refrigerador", "123456789012345678901")
    assert made.where == "refrigerator.filling" and "sap_code" not in made.session.slots


@pytest.mark.parametrize("thanks", ["gracias", "adiós", "hasta luego", "muchas gracias"])
def test_thanks_in_the_middle_of_a_report_throw_nothing_away(thanks: str) -> None:
    made = talk("refrigerador", "4045101", "sí", thanks)
    assert made.session.slots["sap_code"].value == "4045101"
    [ticket] = [r for r in made.say("no enfría desde ayer").records if isinstance(r, TicketOpened)]
    assert ticket.kind == "refrigerator"


@pytest.mark.parametrize(
    ("word", "rating"), [("ok", 3), ("bueno", 4), ("bien", 4), ("malo", 2), ("pésimo", 1), ("excelente", 5), ("4", 4)]
)
def test_words_that_confirm_elsewhere_rate_while_a_survey_asks(word: str, rating: int) -> None:
    made = survey(question=2)
    [answer] = [r for r in made.say(word).records if isinstance(r, SurveyAnswer)]
    assert (answer.question, answer.rating) == (2, rating)


def test_no_is_no_rating_and_ends_no_survey_in_the_middle() -> None:
    made = survey(question=3)
    turn = made.say("no")
    assert made.where == "survey.question_3" and not turn.records and "del 1 al 5" in said(turn)


def test_the_sixth_question_leads_to_the_end_like_the_others() -> None:
    made = survey(question=6)
    assert made.where == "survey.question_6"
    made.say("4")
    assert made.where == "survey.commenting"
    [finished] = [r for r in made.say("no").records if isinstance(r, SurveyFinished)]
    assert finished.status == "completed"


def test_a_rating_pressed_twice_counts_once_and_the_next_question_stands() -> None:
    made = survey()
    shown = made.asked[-1]
    made.press("rating_5", of=shown)
    assert made.press("rating_1", of=shown).records == () and made.where == "survey.question_2"


def test_two_ratings_in_one_message_are_none() -> None:
    made = survey()
    turn = made.say("4 y 5")
    assert len([r for r in turn.records if isinstance(r, SurveyAnswer)]) <= 1


@given(st.text(min_size=1, max_size=40), st.integers(0, 9))
def test_every_number_that_is_given_out_is_one_that_is_understood(external_id: str, attempts: int) -> None:
    made = talk("refrigerador", "4045101", "sí", "no enfría desde ayer")
    [ticket] = [r for r in made.turns[-1].records if isinstance(r, TicketOpened)]
    assert ticket_numbers.read(ticket.number) == ticket.number
    assert ticket_numbers.read(ticket.number.lower()) == ticket.number


@pytest.mark.parametrize("late", [timedelta(minutes=26), timedelta(hours=2), timedelta(days=3)])
def test_a_late_clock_warns_once_and_closes_only_who_was_warned(late: timedelta) -> None:
    made = talk("refrigerador")
    made.now += late
    warning = said(made.timer("inactivity_warn"))
    assert ("¿Sigues ahí?" in warning) is (late < timedelta(hours=24))  # outside the window a warning would be paid for
    assert not made.timer("inactivity_warn", set_at_version=1).replies
    made.now += timedelta(minutes=5)
    made.timer("inactivity_close")
    assert made.where == "menu.timed_out"


def test_a_conversation_that_staff_hold_is_neither_warned_nor_closed() -> None:
    made = talk("refrigerador")
    armed = made.session.timers["inactivity_warn"]
    made.event("agent", action="take_over", agent="ana")
    made.now += timedelta(hours=1)
    for name in ("inactivity_warn", "inactivity_close"):
        assert not made.timer(name, set_at_version=armed).replies
    assert made.where == "refrigerator.filling" and made.session.agent == "ana"

"""Steps of the IT desk, one at a time: whether they helped, in other words, as they are done on the customer's system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from statistics import median
from typing import Any

import pytest
import yaml

from bot import desks
from bot.desks.it.flows import steps
from bot.desks.it.knowledge import PROBLEMS, STEPS, SYSTEMS
from bot.engine.rehearsal import paid
from bot.script.notes import CASE
from core.session import Slot
from core.turn import TicketAdded, TicketChanged, TicketOpened, Turn
from tests.unit.talk import IT_DESK, Talk

MOST_PAID = 4
"""Paid messages from the first word to a solved problem, in the median of the desk's transcripts."""


def solves(line: Mapping[str, Any]) -> bool:
    return line.get("state") in {"diagnosis.fixed", "escalation.fixed", "guide.done"}


def at(problem: str = "mi impresora no imprime", language: str = "es-AR") -> Talk:
    talk = Talk(language, desk=IT_DESK)
    talk.session = replace(talk.session, contact_name="Moni")
    talk.say(problem)
    return talk


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def plain(step: str, language: str = "es") -> str:
    return STEPS[step].plain[language].replace("~", "")[-30:]


def test_the_first_answer_helps_by_name_with_one_step_and_three_buttons() -> None:
    talk = at()
    [reply] = talk.turns[0].replies
    assert reply.text.startswith("¡Hola, Moni! 👋") and "1️⃣" in reply.text and "2️⃣" not in reply.text
    assert [option.title for option in reply.options] == ["✅ Listo, anduvo", "🔁 Sigue igual", "❓ No entiendo"]


def test_what_did_not_help_leads_through_every_step_to_a_ticket_that_holds_them() -> None:
    talk = at()
    every = [*PROBLEMS["printer_no_print"].basic, *PROBLEMS["printer_no_print"].advanced]
    for _ in every:
        talk.press("persists")
    assert steps.of_case(talk.session) == every and talk.where == "escalation.confirming"
    assert f"Pasos ya probados: {len(every)}" in said(talk.turns[-1])
    [ticket] = [r for r in talk.press("confirm_ticket").records if isinstance(r, TicketOpened)]
    assert len(ticket.content["tried"]) == len(every)
    assert ticket.content["tried"][0] == "¿Está prendida, con papel y sin luz roja?"
    assert ticket.content["name"] == "Moni"


def test_a_step_that_nobody_tried_is_told_as_none() -> None:
    talk = at()
    talk.say("técnico")
    [ticket] = [r for r in talk.press("confirm_ticket").records if isinstance(r, TicketOpened)]
    assert ticket.content["tried"] == []


def test_what_is_not_understood_is_said_in_other_words_and_then_somebody_is_offered() -> None:
    talk = at()
    other = said(talk.press("simpler"))
    assert "Con otras palabras" in other and "💡" in other
    talk.press("simpler")
    assert talk.where == "diagnosis.stuck"
    talk.press("no")
    assert (talk.where, len(steps.of_case(talk.session))) == ("diagnosis.trying", 2)
    assert "Con otras palabras" in said(talk.press("simpler")), "another step may not be understood either"


@pytest.mark.parametrize(
    "joy", ["ya imprime!!", "listo, ya imprime!! gracias genio", "sí", "ya está, gracias mi amor", "anduvo"]
)
@pytest.mark.parametrize("where", ["diagnosis.trying", "diagnosis.stuck", "escalation.confirming"])
def test_that_it_works_is_met_with_joy_wherever_it_is_said(joy: str, where: str) -> None:
    talk = at()
    for press in {
        "diagnosis.stuck": ["simpler", "simpler"],
        "escalation.confirming": ["simpler", "simpler", "yes"],
    }.get(where, []):
        talk.press(press)
    assert talk.where == where
    if joy == "sí" and where != "diagnosis.trying":
        return  # yes to a person, or to a ticket
    assert "🎉" in said(talk.say(joy))


@pytest.mark.parametrize(
    "worse", ["ahora me imprime todo rayado", "ya imprime pero mal", "ya anda, pero raro", "it works now but badly"]
)
def test_that_it_works_badly_is_no_end(worse: str) -> None:
    talk = at()
    assert "🎉" not in said(talk.say(worse)) and talk.session.flow == "diagnosis"


def test_what_fails_besides_is_no_story_of_the_router() -> None:
    talk = at("no me conecta la vpn")
    talk.say("y no me llegan los mails")
    assert "device" not in talk.session.slots and "vpn" not in talk.session.slots["problem"].value


@pytest.mark.parametrize(
    ("told", "step"),
    [("es una mac", "net_airplane"), ("uso mac", "net_airplane"), ("no tengo windows, es una mac", "net_airplane")],
)
def test_a_system_that_is_told_changes_the_step_in_hand(told: str, step: str) -> None:
    talk = at("no me anda el wifi")
    talk.press("persists")
    assert steps.in_hand(talk.session) == step
    turn = talk.say(told)
    assert "En una Mac se hace así" in said(turn) and "arriba a la derecha" in said(turn)


def test_a_step_that_a_system_has_none_of_is_left_out_and_not_told_as_tried() -> None:
    talk = at("my keyboard doesn't work", "en")
    talk.press("device=keyboard_notebook")
    assert steps.in_hand(talk.session) == "nb_kb_power_drain"
    turn = talk.say("it's a mac")
    assert "Then rather like this" in said(turn) and steps.in_hand(talk.session) == "kb_filter_keys"
    assert "Slow Keys" in said(turn) and talk.session.notes[CASE].get("tried", []) == []


def test_a_system_that_was_told_stays_for_the_next_problem() -> None:
    talk = at("no me anda la vpn en la mac")
    talk.say("otro problema")
    talk.say("la notebook está lenta")
    assert "Apple > Reiniciar" in said(talk.turns[-1])


def test_a_warning_comes_together_with_the_step_behind_it() -> None:
    assert "1️⃣" in said(at("borré una carpeta sin querer").turns[0]) and "2️⃣" in said(
        at("borré una carpeta sin querer").turns[0]
    )


def test_something_else_that_fails_is_kept_for_the_technician() -> None:
    talk = at("la notebook está lenta")
    assert "Anoté también: *notebook: lentitud*" in said(talk.say("y la impresora tampoco"))
    talk.say("técnico")
    [ticket] = [r for r in talk.press("confirm_ticket").records if isinstance(r, TicketOpened)]
    assert "impresora" in ticket.summary and "lentitud — “la notebook está lenta”" in ticket.summary


def test_the_same_device_failing_in_another_way_is_one_story() -> None:
    talk = at("la notebook está lenta")
    talk.say("y encima se cuelga")
    assert talk.session.slots["problem"].value == "la notebook está lenta; y encima se cuelga"
    assert talk.session.slots["device"].value == "notebook"


@pytest.mark.parametrize(
    "works", ["ya anda", "ya tengo internet", "it works now", "ya lo arreglé yo, no hace falta que vengan"]
)
def test_after_a_ticket_that_it_works_closes_it_once_confirmed(works: str) -> None:
    talk = at("no tengo internet")
    talk.say("técnico")
    talk.press("confirm_ticket")
    talk.say(works)
    assert talk.where == "last_case.solving"
    [change] = [r for r in talk.say("sí").records if isinstance(r, TicketChanged)]
    assert (change.what, change.after, change.by) == ("status", "resolved", "customer")


@pytest.mark.parametrize("more", ["me olvidé de decir que es una mac", "¿puedo agregar que pasa solo de noche?"])
def test_after_a_ticket_what_was_forgotten_is_added(more: str) -> None:
    talk = at("no tengo internet")
    talk.say("técnico")
    talk.press("confirm_ticket")
    turn = talk.say(more)
    assert [r.text for r in turn.records if isinstance(r, TicketAdded)] == [more] and "Lo sumé" in said(turn)


def test_a_conversation_of_the_version_before_goes_on() -> None:
    talk = at("no tengo internet")
    basic, *_ = PROBLEMS["no_internet"].basic, ()
    old = {CASE: {"shown": list(basic), "tried": list(basic), "helped": {}}}
    talk.session = replace(talk.session, state="helping", flow_version=1, notes={**talk.session.notes, **old})
    assert plain(PROBLEMS["no_internet"].advanced[0])[:20] in said(talk.say("sigue igual"))
    assert talk.where == "diagnosis.trying"


def test_every_system_a_customer_may_tell_is_one_that_steps_know() -> None:
    talk = at("no me anda el wifi")
    for system in (*SYSTEMS, "windows"):
        session = replace(talk.session, slots={**talk.session.slots, "system": Slot(system, 90, "rules")})
        assert steps.path(session)


def transcripts() -> dict[str, list[dict[str, Any]]]:
    files = sorted((desks.folders()["it"] / "transcripts").glob("*.yaml"))
    asked = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in files}
    return {name: told["lines"] for name, told in asked.items() if told.get("settings", {}).get("consent") != "ask"}


def test_a_problem_is_solved_in_few_paid_messages() -> None:
    counted = {name: paid(lines, solves) for name, lines in transcripts().items()}
    solved = {name: count for name, count in counted.items() if count is not None}
    assert len(solved) >= 15
    assert median(solved.values()) <= MOST_PAID, solved


def test_paid_messages_are_counted_up_to_the_end_and_no_further() -> None:
    lines = [{"they": "a"}, {"we": "b"}, {"we": "c"}, {"state": "diagnosis.fixed"}, {"we": "d"}]
    assert paid(lines, solves) == 2
    assert paid(lines[:3], solves) is None

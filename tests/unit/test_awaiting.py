"""A flow waits for timers of its own, and what was mentioned last is kept in a ring."""

from __future__ import annotations

from bot import desks
from bot.engine.rehearsal import Rehearsal
from bot.script.notes import MENTIONED
from core.turn import TimerCancelled
from tests.unit.talk import rehearsed

DESK, FACTS = rehearsed(desks.folders()["hotel"])
ASK = "una doble del 3 al 6 de abril para dos"


def guest() -> Rehearsal:
    return Rehearsal(DESK, facts=FACTS)


def done(talk: Rehearsal) -> None:
    while talk.errands:
        talk.do_errand()


def test_patience_is_asked_for_only_where_the_answer_is_slow() -> None:
    talk = guest()
    assert talk.say(ASK).replies == ()
    slow = talk.timer("flow:slow")
    assert [reply.text for reply in slow.replies] == ["⏳ Un momento, estoy consultando…"]
    assert not slow.replies[0].initiative, "somebody waits for it"


def test_a_timer_of_a_flow_that_went_on_says_nothing() -> None:
    talk = guest()
    asked = talk.say(ASK)
    _, answered = talk.do_errand()
    assert TimerCancelled("flow:slow") in answered.timers
    late = talk.timer("flow:slow", set_at_version=asked.after.version)
    assert late.replies == () and late.note == "stale timer"


def test_nobody_is_asked_whether_they_are_still_there_while_the_house_is_waited_for() -> None:
    talk = guest()
    assert "inactivity_warn" not in talk.say(ASK).after.timers
    talk.do_errand()
    assert "inactivity_warn" in talk.say("mmm").after.timers


def test_the_last_three_values_and_five_intents_are_kept_whatever_becomes_of_the_case() -> None:
    talk = guest()
    for day in (3, 4, 5, 6):
        talk.say(f"una habitación del {day} al 9 de abril para dos")
        done(talk)
    talk.say("cancelar")
    told = talk.session.notes[MENTIONED]
    assert told["arrives"] == ["2026-04-04", "2026-04-05", "2026-04-06"]
    assert told["intents"] == ["rooms", "rooms", "rooms", "rooms", "cancel"]
    for _ in range(3):
        talk.say("hola")
    assert len(talk.session.notes[MENTIONED]["intents"]) == 5

"""Flows that staff have turned off: nobody gets in, and who is inside loses nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.engine import step as engine
from core.messages import Event
from core.reading import Reading
from core.settings import Settings
from core.turn import ErrandWanted, TicketOpened, Turn
from tests.unit.talk import DESKS, Talk


class SwitchedTalk(Talk):
    """A talk whose worker knows what is off."""

    off: dict[str, str] = {}  # each test sets its own

    def read(self, event: Event) -> Reading:
        return super().read(event).under(self.off)


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def inside_refrigerator(*heard: str, language: str = "es") -> SwitchedTalk:
    """In the middle of a report when its flow is turned off."""
    talk = SwitchedTalk(language)
    for text in ("refrigerador", *heard):
        talk.say(text)
    talk.off = {"flow:refrigerator": "new catalogue"}
    return talk


def test_who_would_enter_a_flow_that_is_off_is_told_once_and_gets_the_menu() -> None:
    talk = SwitchedTalk()
    talk.off = {"flow:refrigerator": "new catalogue"}
    turn = talk.say("mi refrigerador no enfría desde ayer")
    assert talk.where == "menu.waiting"
    assert said(turn).count("mantenimiento") == 1
    assert next(option.title for option in turn.replies[-1].options) == "❄️ Refrigerador"
    assert turn.after.slots["problem"].value.startswith("no enfría")


def test_what_was_told_at_the_closed_door_is_there_when_it_opens() -> None:
    talk = SwitchedTalk()
    talk.off = {"flow:refrigerator": ""}
    talk.say("mi refrigerador no enfría desde ayer")
    talk.off = {}
    talk.press("report_refrigerator")
    talk.say("4045101")
    turn = talk.say("sí")
    assert [r.kind for r in turn.records if isinstance(r, TicketOpened)] == ["refrigerator"]


def test_other_flows_go_on_while_one_is_off() -> None:
    talk = SwitchedTalk()
    talk.off = {"flow:refrigerator": ""}
    talk.say("carro")
    assert talk.where == "vehicle.filling"


def test_who_is_inside_is_told_and_goes_on_when_it_is_on_again() -> None:
    talk = inside_refrigerator("4045101")
    assert talk.where == "refrigerator.confirming_equipment"
    held = talk.say("sí")
    assert (talk.where, held.trigger) == ("refrigerator.confirming_equipment", "maintenance")
    assert "guardado" in said(held) and not held.replies[-1].options
    talk.off = {}
    talk.say("sí")
    turn = talk.say("no enfría desde ayer")
    assert [r.summary for r in turn.records if isinstance(r, TicketOpened)] == ["no enfría desde ayer"]


def test_what_is_said_meanwhile_is_kept_and_taken_when_it_is_on_again() -> None:
    talk = inside_refrigerator("no enfría desde ayer")
    held = talk.say("4045101")
    assert held.after.slots["sap_code"].value == "4045101" and not held.records
    assert talk.where == "refrigerator.filling"
    talk.off = {}
    turn = talk.say("hola")
    assert talk.where == "refrigerator.confirming_equipment"
    assert "Imbera" in said(turn)


def test_english_speakers_are_told_in_english() -> None:
    assert "maintenance" in said(inside_refrigerator("4045101", language="en").say("yes"))


def test_words_that_mean_the_same_everywhere_still_do() -> None:
    talk = inside_refrigerator("4045101")
    person = talk.say("quiero hablar con una persona")
    assert person.after.notes["person_wanted_at"] and "Ya avisé a una persona" in said(person)
    menu = talk.say("menú")
    assert talk.where == "menu.waiting" and menu.after.slots["sap_code"].value == "4045101"


def test_a_photo_is_looked_into_meanwhile_and_its_code_is_kept() -> None:
    talk = inside_refrigerator()
    turn = talk.event("image", media_id="m1", mime_type="image/jpeg")
    assert [r.what for r in turn.records if isinstance(r, ErrandWanted)] == ["code"]
    found = {"for": "image", "purpose": "code", "outcome": "ok", "codes": ["4045101"]}
    told = talk.event("media_result", **found)
    assert told.after.slots["sap_code"].value == "4045101" and talk.where == "refrigerator.filling"


def test_nobody_is_closed_for_being_silent_while_the_flow_is_off() -> None:
    talk = inside_refrigerator("4045101")
    for name in ("inactivity_warn", "inactivity_warn"):
        talk.now += timedelta(minutes=26)
        turn = talk.timer(name)
        assert not turn.replies and "inactivity_warn" in turn.after.timers
    assert talk.where == "refrigerator.confirming_equipment"


def test_who_was_warned_before_it_was_turned_off_is_not_closed() -> None:
    talk = SwitchedTalk()
    talk.say("refrigerador")
    talk.timer("inactivity_warn")
    talk.off = {"flow:refrigerator": ""}
    talk.timer("inactivity_close")
    assert talk.where == "refrigerator.filling" and "inactivity_warn" in talk.session.timers


def test_a_survey_waits_until_it_is_on_again() -> None:
    talk = SwitchedTalk()
    talk.say("hola")
    talk.say("cancelar")
    talk.event("ticket", number="TKT-1A2B3C4D", status="resolved")
    talk.off = {"flow:survey": ""}
    talk.now += timedelta(hours=30)
    turn = talk.timer("survey:TKT-1A2B3C4D", ticket="TKT-1A2B3C4D")
    assert not turn.replies and "survey:TKT-1A2B3C4D" in turn.after.timers
    talk.off = {}
    talk.now += timedelta(hours=1)
    assert talk.timer("survey:TKT-1A2B3C4D", ticket="TKT-1A2B3C4D").after.flow == "survey"
    talk.off = {"flow:survey": ""}
    assert "survey_expiry" in talk.timer("survey_expiry").after.timers
    assert talk.where == "survey.invited"


def test_staff_who_let_go_while_it_is_off_leave_the_customer_told() -> None:
    talk = inside_refrigerator("no enfría desde ayer")
    talk.event("agent", action="take_over", agent="ana")
    talk.say("4045101")
    assert "mantenimiento" in said(talk.event("agent", action="release", agent="ana"))


def test_a_voice_note_is_politely_refused_while_the_ai_is_off() -> None:
    settings = Settings.model_validate({"openai_api_key": "k"})
    talk = SwitchedTalk(settings=settings)
    assert talk.event("audio", media_id="a").records
    talk.off = {"ai": "too dear"}
    assert not talk.event("audio", media_id="a").records


def test_a_step_under_a_switch_is_stepped_the_same_again() -> None:
    talk = inside_refrigerator("4045101")
    before, turn = talk.session, talk.say("sí")
    assert turn.reading is not None
    again = engine.step(before, turn.event, Reading.from_json(turn.reading.as_json()), talk.now, talk.settings)
    assert replace(again, reading=None) == replace(turn, reading=None)


@pytest.mark.parametrize(("desk", "menu"), [("field", "menu"), ("it-desk", "help_desk")])
def test_the_menu_of_a_desk_can_be_off_too_and_its_customers_are_told(desk: str, menu: str) -> None:
    talk = SwitchedTalk(DESKS[desk].language, desk=DESKS[desk])
    talk.off = {f"flow:{menu}": "moving house"}
    for line in ("hola", "mi impresora no imprime"):
        [reply] = talk.say(line).replies
        assert "mantenimiento" in reply.text and not reply.options
    talk.off = {}
    assert "mantenimiento" not in talk.say("hola").replies[0].text


def test_who_asks_for_a_person_gets_one_while_the_menu_is_off() -> None:
    talk = SwitchedTalk()
    talk.off = {"flow:menu": "moving house"}
    assert talk.say("quiero hablar con una persona").after.notes["person_wanted_at"]


def test_danger_is_answered_while_the_menu_is_off() -> None:
    talk = SwitchedTalk()
    talk.off = {"flow:menu": "moving house"}
    assert "*911*" in talk.say("hay heridos").replies[0].text

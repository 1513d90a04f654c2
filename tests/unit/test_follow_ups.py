"""What is sent later: at civil hours of any zone, in the window or by a template, moved with its thing, and capped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import desks
from bot.script import civil_hours
from core import session
from core.messages import Template
from core.turn import TimerSet, Turn
from tests.cakes import bake_with_follow_ups
from tests.unit.talk import DESK, Talk

AT = datetime(2026, 3, 10, 15, tzinfo=ZoneInfo("America/Bogota"))
CAKE = {"lower": (AT + timedelta(hours=24)).isoformat()}
BAKERY = session.Desk("bakery", "La Espiga", "es", "America/Bogota", "bakery")


@pytest.fixture
def baker(tmp_path: Path) -> Iterator[Path]:
    """The toy desk, which says three things by itself about a cake that is ordered."""
    yield bake_with_follow_ups(tmp_path)
    desks.forget_folder(tmp_path)


@pytest.fixture
def talk(baker: Path) -> Talk:
    """A torta is ordered."""
    assert desks.add_folder(baker.parent) == []
    it = Talk(desk=BAKERY)
    it.facts = {"bookings": {"una torta": [CAKE]}}
    for text in ("quiero pan", "una torta", "sí"):
        it.say(text)
    assert it.where == "loaf.taken"
    return it


def at(talk: Talk, moment: datetime, *, heard: bool = False) -> None:
    """Move the clock to right before this moment."""
    talk.now = moment.astimezone(ZoneInfo("UTC"))
    if heard:
        talk.session = replace(talk.session, heard_at=talk.now - timedelta(hours=1))


def due(talk: Talk, name: str) -> Turn:
    return talk.timer(f"{name}:una torta", cake="una torta")


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def set_for(turn: Turn, name: str) -> datetime:
    [timer] = [t for t in turn.timers if isinstance(t, TimerSet) and t.name.startswith(name)]
    return timer.due_at


MADRID, SANTIAGO, AUCKLAND = "Europe/Madrid", "America/Santiago", "Pacific/Auckland"


@pytest.mark.parametrize(
    ("zone", "now", "after_h", "hours", "then"),
    [
        (MADRID, "2026-03-28T10:00", 24, (9, 20), "2026-03-29T11:00"),  # an hour of the night is missing
        (MADRID, "2026-03-28T21:00", 1, (9, 20), "2026-03-29T09:00"),
        (MADRID, "2026-10-24T21:00", 1, (9, 20), "2026-10-25T09:00"),  # an hour of the night comes twice
        (SANTIAGO, "2026-09-05T22:00", 1, (0, 6), "2026-09-06T00:00"),  # where midnight itself is missing
        (AUCKLAND, "2026-04-04T23:30", 0, (8, 20), "2026-04-05T08:00"),
        (MADRID, "2026-05-01T23:00", 0, (22, 6), "2026-05-01T23:00"),
        (MADRID, "2026-05-01T05:59", 0, (22, 6), "2026-05-01T05:59"),
        (MADRID, "2026-05-01T06:00", 0, (22, 6), "2026-05-01T22:00"),
        (MADRID, "2026-05-01T03:00", 0, (7, 7), "2026-05-01T03:00"),
        (MADRID, "2026-12-31T20:00", 0, (9, 20), "2027-01-01T09:00"),
    ],
)
def test_quiet_hours_are_those_of_the_zone_on_the_day_it_changes_its_clocks_too(
    zone: str, now: str, after_h: float, hours: tuple[int, int], then: str
) -> None:
    there = ZoneInfo(zone)
    began = datetime.fromisoformat(now).replace(tzinfo=there).astimezone(ZoneInfo("UTC"))
    wait_s = civil_hours.wait_s(began, 3600 * after_h, zone, *hours)
    wanted = datetime.fromisoformat(then).replace(tzinfo=there).astimezone(ZoneInfo("UTC"))
    assert (began + timedelta(seconds=wait_s)) == wanted


def test_it_is_said_once_at_its_moment_and_no_more(talk: Talk) -> None:
    at(talk, AT, heard=True)
    turn = due(talk, "ready")
    assert said(turn) == "Tu una torta está." and turn.replies[0].initiative
    assert due(talk, "ready").note == "stale timer"


def test_when_the_thing_moved_it_moves_along_and_is_not_said_about_what_is_gone(talk: Talk) -> None:
    at(talk, AT, heard=True)
    talk.facts = {"bookings": {"una torta": [{"lower": (AT + timedelta(hours=72)).isoformat()}]}}
    turn = due(talk, "ready")
    assert turn.replies == () and abs(set_for(turn, "ready") - (AT + timedelta(hours=48))) < timedelta(minutes=1)
    at(talk, AT + timedelta(hours=48), heard=True)
    talk.facts = {"bookings": {"una torta": []}}
    turn = due(talk, "ready")
    assert turn.replies == () and turn.note == "no cake any more" and not turn.timers


def test_after_a_day_it_makes_no_sense_any_more(talk: Talk) -> None:
    at(talk, AT + timedelta(hours=25), heard=True)
    turn = due(talk, "ready")
    assert (turn.replies, turn.note) == ((), "too late")


def test_what_would_have_been_due_already_is_not_scheduled(talk: Talk) -> None:
    late = Talk(desk=BAKERY)
    late.now = AT.astimezone(ZoneInfo("UTC")) + timedelta(minutes=1)
    for text in ("quiero pan", "una torta", "sí"):
        late.say(text)
    assert late.where == "loaf.taken" and not any(name.startswith("ready") for name in late.session.timers)


def templated(talk: Talk, *templates: str) -> None:
    desk = replace(talk.session.desk, settings={"templates": list(templates)})
    talk.session = replace(talk.session, desk=desk)


def test_when_the_window_is_shut_its_own_template_goes_with_its_values(talk: Talk) -> None:
    at(talk, AT)
    templated(talk, "ready=cake_is_ready/en_US", "ready=torta_lista/es_CO", "taste=que_tal/es_CO")
    turn = due(talk, "ready")
    assert [reply.template for reply in turn.replies] == [Template("torta_lista", "es_CO", ("una torta",))]
    turn = due(talk, "taste")
    assert [reply.kind for reply in turn.replies] == ["template"] and talk.where == "taste.asked"
    pressed = talk.event("choice", spoken="Sí", id="Sí", title="Sí", source="template")
    assert pressed.after.state == "told" and not {"taste_reminder", "taste_expiry"} & talk.session.timers.keys()


def test_without_a_template_in_the_customers_language_it_is_left_unsaid(talk: Talk) -> None:
    at(talk, AT)
    templated(talk, "ready=cake_is_ready/en_US")
    turn = due(talk, "ready")
    assert turn.replies == () and "24 hours are over" in turn.note and "ready_at" not in talk.session.notes


def test_what_only_makes_sense_in_the_window_is_never_worth_a_template(talk: Talk) -> None:
    at(talk, AT)
    templated(talk, "hot=hot_bread/es_CO")
    assert due(talk, "hot").replies == ()
    at(talk, AT, heard=True)
    assert due(talk, "hot").note == "stale timer"


def test_three_in_all_three_days_apart_and_then_silence(talk: Talk) -> None:
    at(talk, AT, heard=True)
    turns = [due(talk, "taste")]
    for _ in range(2):
        wait = set_for(turns[-1], "taste_reminder") - talk.now
        assert timedelta(hours=71) < wait <= timedelta(hours=90)
        at(talk, set_for(turns[-1], "taste_reminder"), heard=True)
        turns.append(talk.timer("taste_reminder"))
    assert [said(turn).splitlines()[0] for turn in turns] == ["¿Cómo estuvo?", "¿Y?", "¿Y?"]
    assert "taste_reminder" not in talk.session.timers
    ended = talk.timer("taste_expiry")
    assert ended.replies == () and talk.where == "taste.told"


def test_a_mere_sentence_does_not_wait_for_the_answer_to_another_follow_up(talk: Talk) -> None:
    at(talk, AT, heard=True)
    due(talk, "taste")
    assert said(due(talk, "ready")) == "Tu una torta está." and talk.where == "taste.asked"


@pytest.mark.parametrize("busy", ["an order", "staff", "off"])
def test_whoever_is_busy_is_told_an_hour_later(talk: Talk, busy: str) -> None:
    at(talk, AT, heard=True)
    if busy == "an order":
        talk.say("quiero pan")
    elif busy == "staff":
        talk.event("agent", action="take_over", agent="ana")
    turn = due(talk, "taste") if busy != "off" else _off(talk)
    assert turn.replies == () and set_for(turn, "taste") - talk.now == timedelta(hours=1)


def _off(talk: Talk) -> Turn:
    event = replace(talk.turns[-1].event, kind="timer", content={
        "name": "taste:una torta", "set_at_version": talk.session.timers["taste:una torta"], "cake": "una torta"
    })  # fmt: skip
    return talk.step(event, talk.read(event).under({"flow:taste": "maintenance"}))


def test_who_opted_out_hears_nothing(talk: Talk) -> None:
    talk.opted_out = True
    at(talk, AT, heard=True)
    turn = due(talk, "ready")
    assert (turn.replies, turn.note) == ((), "not wanted")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('FollowUp("taste"', 'FollowUp("taste_expiry"', "called like table_free"),
        ('flow="taste"', 'flow="flavour"', "opens the flow 'flavour'"),
        ('FollowUp("ready"', 'FollowUp("done"', "says 'done', which es/loaf.toml has not"),
    ],
)
def test_a_desk_whose_follow_up_says_or_opens_nothing_is_refused(baker: Path, old: str, new: str, why: str) -> None:
    path = baker / "follow_ups.py"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert any(why in str(refused) for refused in desks.add_folder(baker.parent))


def test_a_survey_goes_as_its_template_and_a_press_on_it_is_read(talk: Talk) -> None:
    own = replace(DESK, settings={**DESK.settings, "templates": ["survey=encuesta/es_MX"]})
    it, number = Talk(desk=own), "TKT-1A2B3C4D"
    it.event("ticket", number=number, status="resolved")
    at(it, datetime(2026, 3, 4, 10, tzinfo=ZoneInfo(DESK.timezone)))
    turn = it.timer(f"survey:{number}", ticket=number)
    assert [reply.template for reply in turn.replies] == [Template("encuesta", "es_MX", (number,))]
    pressed: dict[str, Any] = {"id": "Aceptar", "title": "Aceptar", "source": "template"}
    assert it.event("choice", spoken="Aceptar", **pressed).after.state == "question_1"

"""When customers are asked how they were served: at civil hours of the desk, not twice a day, and never in the middle."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.script.follow_ups import timer_of
from core.turn import SurveyFinished, TimerSet, Turn
from tests.unit.talk import DESK, Talk

ONE, TWO = "TKT-1A2B3C4D", "TKT-0000FFFF"
REMINDER, EXPIRY = "survey_reminder", "survey_expiry"
MEXICO, KARACHI = "America/Mexico_City", "Asia/Karachi"


def survey_of(ticket: str) -> str:
    return timer_of("survey", ticket)


def desk(zone: str = MEXICO, **settings: Any) -> Talk:
    return Talk(desk=replace(DESK, timezone=zone, settings={**DESK.settings, **settings}))


def resolve(talk: Talk, ticket: str = ONE) -> Turn:
    return talk.event("ticket", number=ticket, status="resolved")


def due(turn: Turn, name: str) -> datetime:
    [timer] = [t for t in turn.timers if isinstance(t, TimerSet) and t.name == name]
    return timer.due_at


def ask(talk: Talk, ticket: str = ONE) -> Turn:
    return talk.timer(survey_of(ticket), ticket=ticket)


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


@pytest.mark.parametrize(
    ("zone", "resolved", "asked"),
    [
        (MEXICO, "2026-03-02T10:00", "2026-03-03T10:00"),
        (MEXICO, "2026-03-02T21:30", "2026-03-04T08:00"),
        (MEXICO, "2026-03-02T05:00", "2026-03-03T08:00"),
        (MEXICO, "2026-03-02T20:00", "2026-03-04T08:00"),
        (KARACHI, "2026-03-02T21:30", "2026-03-04T08:00"),
    ],
)
def test_a_day_after_it_was_resolved_between_eight_and_eight_where_the_desk_is(
    zone: str, resolved: str, asked: str
) -> None:
    talk, there = desk(zone), ZoneInfo(zone)
    talk.now = datetime.fromisoformat(resolved).replace(tzinfo=there).astimezone(UTC) - timedelta(seconds=7)
    at = due(resolve(talk), survey_of(ONE)).astimezone(there)
    assert abs(at - datetime.fromisoformat(asked).replace(tzinfo=there)) < timedelta(minutes=1)


def test_a_clock_that_was_late_still_writes_to_nobody_at_night() -> None:
    talk = desk()
    resolve(talk)
    talk.now = datetime(2026, 3, 4, 23, tzinfo=ZoneInfo(MEXICO))
    turn = ask(talk)
    assert turn.replies == () and due(turn, survey_of(ONE)).astimezone(ZoneInfo(MEXICO)).hour == 8


def invited(**settings: Any) -> Talk:
    talk = desk(**settings)
    resolve(talk)
    resolve(talk, TWO)
    talk.now = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo(MEXICO))
    assert ONE in said(ask(talk))
    return talk


def test_of_two_reports_the_second_is_asked_about_a_day_after_the_first() -> None:
    talk = invited()
    talk.say("no")
    talk.wait("1h")
    turn = ask(talk, TWO)
    again = due(turn, survey_of(TWO))
    assert turn.replies == () and timedelta(hours=22) < again - talk.now < timedelta(hours=24)
    talk.now = again
    assert TWO in said(ask(talk, TWO))


def test_one_reminder_and_none_after_the_answer() -> None:
    talk = invited()
    talk.wait("24h")
    assert "Terminamos la encuesta" in said(talk.timer(REMINDER))
    assert REMINDER not in talk.session.timers
    talk = invited()
    talk.say("no")
    assert {REMINDER, EXPIRY}.isdisjoint(talk.session.timers)


def test_a_desk_may_want_no_reminder_other_hours_and_another_patience() -> None:
    talk = desk(survey_reminder_h=0, survey_from_h=12, survey_to_h=14, survey_expiry_h=2, survey_after_h=1)
    talk.now = datetime(2026, 3, 4, 15, tzinfo=ZoneInfo(MEXICO))
    at = due(resolve(talk), survey_of(ONE)).astimezone(ZoneInfo(MEXICO))
    assert (at.day, at.hour) == (5, 12)
    talk.now = at
    turn = ask(talk)
    assert REMINDER not in talk.session.timers
    assert due(turn, EXPIRY) - talk.now == timedelta(hours=2)


def test_who_is_held_by_staff_or_has_a_report_under_way_is_asked_later() -> None:
    for busy in ("staff", "report"):
        talk = desk()
        resolve(talk)
        talk.now = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo(MEXICO))
        if busy == "staff":
            talk.event("agent", action="take_over", agent="ana")
        else:
            talk.say("refrigerador")
        turn = ask(talk)
        assert turn.replies == () and due(turn, survey_of(ONE)) - talk.now == timedelta(hours=1)


def test_who_says_baja_in_the_middle_is_not_reminded_and_the_survey_ends_by_itself() -> None:
    talk = invited()
    talk.say("aceptar")
    talk.say("baja")
    talk.wait("24h")
    assert talk.timer(REMINDER).replies == ()
    talk.wait("48h")
    turn = talk.timer(EXPIRY)
    assert turn.replies == () and [r.status for r in turn.records if isinstance(r, SurveyFinished)] == ["expired"]


def test_a_report_that_is_opened_again_in_the_middle_ends_its_survey_and_another_one_does_not() -> None:
    talk = invited()
    talk.say("aceptar")
    talk.event("ticket", number=TWO, status="pending")
    assert talk.where == "survey.question_1"
    talk.event("ticket", number=ONE, status="pending")
    assert talk.where == "survey.expired" and survey_of(ONE) not in talk.session.timers

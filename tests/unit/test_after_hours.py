"""Business hours: they concern people. The bot answers at any hour, and tells when somebody of the desk is there again.

The faults of the service before: weekends by the server's clock, no minutes, no closing past midnight, "tomorrow at 08:00"
said at seven in the morning.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.script.hours import open_from
from core.session import Desk
from core.turn import TicketAdded, TicketOpened, Turn
from tests.unit.talk import DESK, Talk

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
HOURS = {"opens": "09:30", "closes": "21:00", "open_days": [1, 2, 3, 4, 5], "on_call": "+54 11 5555 0199"}


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "opens_at"),
    [
        ("2026-03-02T20:59", "2026-03-02T20:59"),  # Monday: still open
        ("2026-03-02T21:00", "2026-03-03T09:30"),
        ("2026-03-02T07:00", "2026-03-02T09:30"),  # the same day, not tomorrow
        ("2026-03-06T23:00", "2026-03-09T09:30"),  # Friday night: Monday
    ],
)
def test_minutes_and_weekends_count_on_the_clock_of_the_desk(now: str, opens_at: str) -> None:
    assert open_from(at(now), "09:30", "21:00", (1, 2, 3, 4, 5)) == at(opens_at)


@pytest.mark.parametrize(
    ("now", "opens_at"),
    [
        ("2026-03-06T23:30", "2026-03-06T23:30"),  # Friday, open until two
        ("2026-03-07T01:59", "2026-03-07T01:59"),  # Saturday, and still Friday's evening
        ("2026-03-07T02:00", "2026-03-09T18:00"),
        ("2026-03-09T01:00", "2026-03-09T18:00"),  # Sunday was none of its days
    ],
)
def test_a_day_may_close_past_midnight(now: str, opens_at: str) -> None:
    assert open_from(at(now), "18:00", "02:00", (1, 2, 3, 4, 5)) == at(opens_at)


def test_a_desk_that_opens_when_it_closes_is_always_open() -> None:
    assert open_from(at("2026-03-02T04:00"), "00:00", "00:00", range(1, 8)) == at("2026-03-02T04:00")


def talk(now: str, **settings: object) -> Talk:
    desk: Desk = replace(DESK, timezone=str(ZONE), settings={**DESK.settings, **HOURS, **settings})
    made = Talk(desk=desk)
    made.now = at(now).astimezone(UTC)
    return made


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def urgent(turn: Turn) -> list[TicketOpened]:
    return [each for each in turn.records if isinstance(each, TicketOpened) and each.priority == "urgent"]


@pytest.mark.parametrize(
    ("now", "when"),
    [
        ("2026-03-02T07:00", "hoy a las 09:30"),
        ("2026-03-02T22:00", "mañana a las 09:30"),
        ("2026-03-06T22:00", "el lunes a las 09:30"),
        ("2026-03-07T12:00", "el lunes a las 09:30"),  # in UTC, too; at 22:00 UTC is Saturday here
        ("2026-03-08T22:30", "mañana a las 09:30"),  # Monday in UTC, Sunday at the desk
    ],
)
def test_who_asks_for_a_person_after_hours_is_told_when_one_is_there(now: str, when: str) -> None:
    told = said(talk(now).say("quiero hablar con una persona"))
    assert when in told and "URGENTE" in told


def test_within_the_hours_nobody_hears_of_them_being_over() -> None:
    told = said(talk("2026-03-02T12:00").say("quiero hablar con una persona"))
    assert "fuera de horario" not in told and "URGENTE" not in told


def test_the_bot_itself_answers_at_any_hour() -> None:
    night, day = (said(talk(now).say("mi refri no enfría")) for now in ("2026-03-08T03:00", "2026-03-02T12:00"))
    assert night == day


def test_urgent_after_hours_goes_to_the_person_on_call_once() -> None:
    made = talk("2026-03-07T23:00")
    made.say("quiero hablar con una persona")
    turn = made.say("URGENTE, se inunda el local")
    assert [(each.kind, each.summary) for each in urgent(turn)] == [("urgent", "URGENTE, se inunda el local")]
    assert "+54 11 5555 0199" in said(turn) and urgent(turn)[0].number in said(turn)
    again = made.say("es urgente!!")
    assert not urgent(again) and [type(each) for each in again.records] == [TicketAdded]


def test_urgent_alone_is_enough_and_within_the_hours_calls_a_person() -> None:
    assert len(urgent(talk("2026-03-07T23:00").say("urgente"))) == 1
    turn = talk("2026-03-02T12:00").say("urgente")
    assert turn.trigger == "person" and not urgent(turn)


def test_a_wish_that_is_urgent_is_a_wish() -> None:
    turn = talk("2026-03-07T23:00").say("URGENTE: mi refri no enfría")
    assert not urgent(turn) and turn.trigger != "urgent"


def test_without_anybody_on_call_urgent_is_not_offered() -> None:
    made = talk("2026-03-07T23:00", on_call="")
    assert "URGENTE" not in said(made.say("quiero hablar con una persona"))
    assert not urgent(made.say("urgente"))

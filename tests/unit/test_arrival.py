"""When help arrives: centres have hours and days, and somebody knows the roads."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.desks.field.ways import WAY, Way, great_circle
from bot.script.hours import open_from
from core.geography import Point, great_circle_km
from core.settings import Settings
from core.turn import TicketOpened
from tests.unit.talk import FACTS, Talk

MEXICO = ZoneInfo("America/Mexico_City")
WEEK, WORK = [1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5]
MONTERREY, MEXICO_CITY = Point(25.6514, -100.2895), Point(19.391, -99.1737)
HERE = "25.651400,-100.289500"


def local(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=MEXICO)


@pytest.mark.parametrize(
    ("now", "days", "opens_at"),
    [
        ("2026-03-02T10:00", WEEK, "2026-03-02T10:00"),  # a Monday, and it is open
        ("2026-03-02T06:00", WEEK, "2026-03-02T08:00"),  # before it opens
        ("2026-03-02T18:00", WEEK, "2026-03-03T08:00"),  # it has just closed
        ("2026-03-06T18:30", WORK, "2026-03-09T08:00"),  # Friday evening: not before Monday
        ("2026-03-07T10:00", WORK, "2026-03-09T08:00"),  # Saturday
        ("2026-03-02T18:00", [1], "2026-03-09T08:00"),  # open on Mondays only, and this one is over
    ],
)
def test_a_closed_centre_counts_from_when_it_opens_next(now: str, days: list[int], opens_at: str) -> None:
    assert open_from(local(now), "08:00", "18:00", days) == local(opens_at)


def test_a_centre_that_never_opens_promises_nothing() -> None:
    assert open_from(local("2026-03-02T10:00"), "08:00", "18:00", []) is None


def vehicle(at: datetime, *, language: str = "es", **centre: Any) -> Talk:
    """A vehicle report made at this moment, near a centre like this."""
    talk = Talk(language)
    talk.facts = deepcopy(FACTS)
    talk.facts["centre"][HERE].update(centre)
    talk.now = at
    for said in ("carro", "54321", "483765723", "no enciende el motor"):
        talk.say(said)
    talk.event("location", latitude=MONTERREY.latitude, longitude=MONTERREY.longitude)
    return talk


def report(talk: Talk) -> tuple[str, dict[str, Any]]:
    """What was said at the end, and what the ticket keeps of the arrival."""
    ticket = next(record for record in talk.turns[-1].records if isinstance(record, TicketOpened))
    return talk.turns[-1].replies[-1].text, ticket.content["arrival"]


def test_an_open_centre_tells_how_long_it_takes() -> None:
    said, kept = report(vehicle(local("2026-03-02T10:00"), opens="08:00", closes="18:00", days=WORK))
    assert "unos 29 minutos, contando que salgan\n🏢 CS Monterrey\n📏 4.2 km" in said
    assert (kept["minutes"], kept["simple"], kept["opens_at"]) == (29, True, "")


@pytest.mark.parametrize(
    ("language", "minutes", "told"),
    [
        ("es", 39, "unos 59 minutos"),
        ("es", 40, "más o menos 1 h, contando que salgan\n"),
        ("es", 45, "más o menos 1 h 5 min"),
        ("en", 100, "about 2 h, with the time to set out\n"),
        ("en", 101, "about 2 h 1 min"),
    ],
)
def test_the_time_is_told_as_people_say_it(language: str, minutes: int, told: str) -> None:
    talk = Talk(language)
    talk.facts = deepcopy(FACTS)
    for way in talk.facts["way"].values():
        way["minutes"] = minutes
    for heard in ("carro", "54321", "483765723", "no enciende el motor"):
        talk.say(heard)
    talk.event("location", latitude=MONTERREY.latitude, longitude=MONTERREY.longitude)
    assert told in report(talk)[0]


@pytest.mark.parametrize(
    ("now", "day", "opens_at"),
    [
        ("2026-03-02T06:00", "hoy", "2026-03-02T08:00:00-06:00"),
        ("2026-03-02T20:00", "mañana", "2026-03-03T08:00:00-06:00"),
        ("2026-03-07T10:00", "el lunes", "2026-03-09T08:00:00-06:00"),
    ],
)
def test_of_a_closed_centre_the_customer_hears_when_it_opens(now: str, day: str, opens_at: str) -> None:
    said, kept = report(vehicle(local(now), opens="08:00", closes="18:00", days=WORK))
    assert f"*CS Monterrey* abre {day} a las 08:00" in said and "unos 29 minutos después de abrir" in said
    assert kept["opens_at"] == opens_at
    assert kept["expected_at"] == opens_at.replace("08:00:00", "08:29")


def test_the_hours_are_those_of_the_desk_not_of_the_machine() -> None:
    at_one_in_the_morning = datetime(2026, 3, 2, 7, tzinfo=UTC)
    said, _ = report(vehicle(at_one_in_the_morning, language="en", opens="08:00", closes="18:00", days=WORK))
    assert "opens today at 08:00" in said


def test_a_centre_without_days_is_not_promised() -> None:
    said, kept = report(vehicle(local("2026-03-02T10:00"), days=[]))
    assert kept is None and "Tiempo estimado" not in said and "Un mecánico te contactará" in said


def test_the_plain_way_is_the_great_circle_at_the_speed_of_a_town() -> None:
    assert great_circle_km(MONTERREY, MEXICO_CITY) == pytest.approx(705, abs=5)
    assert great_circle_km(MONTERREY, MONTERREY) == 0
    assert great_circle(MONTERREY, MEXICO_CITY) == Way(705.5, 1411, simple=True)


KEY = "25.651400,-100.289500 19.391000,-99.173700"


def test_without_a_server_that_knows_the_roads_the_way_is_reckoned() -> None:
    assert WAY.service(Settings()) is None
    assert WAY.otherwise(KEY) == {"km": 705.5, "minutes": 1411, "simple": True}

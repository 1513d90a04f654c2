"""The boards of the hotel desk: each panel is answered by the database, and shows what the desk's records hold."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import desks
from bot.commands.desk_check import broken_panels
from core.settings import Settings
from dashboard import Tools
from tests.inn import ARRIVES, business
from tests.integration.crew import Rooms
from tests.integration.lodging import NUMBER, Desk, opened
from tests.integration.staff import Visitor, signed_in


@pytest.fixture
def desk(rooms: Rooms, tmp_path: Path) -> Iterator[Desk]:
    """A house with one double, which the first guest books; the second finds none."""
    described = {**business(NUMBER, rooms=1), "menu": "bakery"}
    with opened(rooms, tmp_path, described) as made:
        made.book(made.hold())
        made.search(guest=2, room="double")
        rooms.ask("update desks set menu = 'hotel' where id = 'mirador' returning 1")
        yield made


@pytest.fixture
def ana(desk: Desk) -> Visitor:
    return signed_in(desk.rooms.db, "operator", tools=Tools(panels=desks.panels, bookable=desks.bookable))


def rows(ana: Visitor, slug: str, **asked: Any) -> list[dict[str, str]]:
    query = "&".join(f"{name}={value}" for name, value in {"since": "30d", **asked}.items())
    page = ana.get(f"/admin/panels/desk-hotel/{slug}.csv?{query}")
    assert page.status_code == 200, page.text
    return list(csv.DictReader(io.StringIO(page.text.lstrip("\ufeff"))))


def test_the_database_answers_every_panel(desk: Desk) -> None:
    assert broken_panels(desk.rooms.db, Settings.model_validate({}), "hotel") == []


def test_the_funnel_tells_how_many_went_how_far_and_why_not(ana: Visitor) -> None:
    steps = rows(ana, "funnel")
    assert [(step["funnel_step"], step["funnel_value"]) for step in steps] == [
        ("asked for rooms", "2"), ("were told a price", "2"), ("had a room held", "1"), ("booked", "1"),
    ]  # fmt: skip
    assert steps[0]["funnel_note"] == "sold out 1"


def test_nights_are_counted_as_asked_for_booked_and_lost(ana: Visitor) -> None:
    nights = {(row["line_series"], row["line_at"][:10]): row["line_value"] for row in rows(ana, "occupancy-asked-for")}
    assert nights["asked for", str(ARRIVES)] == "2" and nights["booked", str(ARRIVES)] == "1"
    lost = rows(ana, "lost")
    assert [row["bar_series"] for row in lost] == ["sold out"] * 3 and lost[0]["bar_label"][:10] == str(ARRIVES)


def test_income_is_of_what_stands(desk: Desk, ana: Visitor) -> None:
    [income] = rows(ana, "income")
    assert (income["bar_series"], float(income["bar_value"])) == ("ARS", 363_000.0)
    desk.ask("update bookings set state = 'cancelled' returning 1")
    assert rows(ana, "income") == []


def test_what_reception_must_settle_is_counted(desk: Desk, ana: Visitor) -> None:
    assert rows(ana, "to-settle")[0]["big"] == "0"
    desk.ask("update bookings set state = 'unknown', attention = 'overbooked' returning 1")
    assert rows(ana, "to-settle")[0]["big"] == "1" and rows(ana, "attention")[0]["label"] == "overbooked"
    desk.ask("update bookings set state = 'booked', content = content || jsonb_build_object('late',"
             " jsonb_build_object('until', now() + interval '9 hours')) returning 1")  # fmt: skip
    assert len(rows(ana, "late-departures")) == 1
    assert len(rows(ana, "arrivals", days=60)) == 1


def test_the_breaker_and_the_time_of_the_house_are_shown(desk: Desk, ana: Visitor) -> None:
    desk.rooms.ask(
        "insert into heartbeats (process, kind, host, pid, jobs, version, breakers)"
        """ values ('w', 'worker', 'h', 1, '{}', '1', '{"service:mirador:house": "open", "service:another:house": "open"}')"""
        " returning 1"
    )
    assert [(row["lamp"], row["state"]) for row in rows(ana, "breaker")] == [("mirador", "bad")]
    assert {row["line_series"] for row in rows(ana, "latency")} >= {"offers p50", "offers p95", "booking p95"}

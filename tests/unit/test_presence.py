"""When people of a desk are there, by its settings: for the head of the chat."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.workers.presence import presence_of
from tests.unit.talk import DESK

OPEN = {"opens": "09:00", "closes": "18:00"}
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "opens_at"),
    [
        (MONDAY.replace(hour=16), None),  # ten in the morning in Mexico
        (MONDAY.replace(hour=14), MONDAY.replace(hour=15)),
        (MONDAY.replace(day=3, hour=2), MONDAY.replace(day=3, hour=15)),
        (MONDAY.replace(day=7, hour=2), MONDAY.replace(day=9, hour=15)),  # Friday evening
    ],
)
def test_people_are_there_in_their_hours_and_else_from_the_next_on(at: datetime, opens_at: datetime | None) -> None:
    told = presence_of(replace(DESK, settings=OPEN), at, 130.0)
    assert (told.opens_at, told.wait_minutes) == (opens_at, 2)
    assert told.as_json["opens"] == "09:00" and told.as_json["days"] == [1, 2, 3, 4, 5]


def test_of_a_desk_without_hours_and_without_a_record_nothing_is_told() -> None:
    told = presence_of(replace(DESK, settings={"calls_within_h": 2}), MONDAY, None).as_json
    assert told["callsWithinHours"] == 2
    assert (told["opens"], told["opensAt"], told["waitMinutes"]) == ("", None, None)

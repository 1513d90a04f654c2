"""The lamps of the panel Alarms: when they burn, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import SystemClock
from core.settings import Settings
from core.store.asking.viewing import Limits, Viewing
from dashboard.boards.asking import Asked, Asking
from dashboard.boards.shelf import Shelf
from tests.integration.crew import Rooms, text

EVERYBODY = frozenset({"*"})
Lamps = dict[str, tuple[str, str]]


@pytest.fixture
def rooms(db: object) -> Iterator[Rooms]:
    made = Rooms(db)  # type: ignore[arg-type]
    yield made
    made.close()


def alarms(rooms: Rooms, desks: frozenset[str] = EVERYBODY, **limits: float) -> Lamps:
    """Each lamp with its state and what stands beside it."""
    panel = Shelf(settings=Settings.model_validate(limits)).panel("now", "alarms")
    assert panel is not None
    viewing = Viewing(rooms.db.url)
    try:
        rows = Asking(viewing, SystemClock(), Limits(), keep_s=0).answer(panel, Asked({}, desks)).rows
    finally:
        viewing.close()
    return {row[0]: (row[1], row[2]) for row in rows.rows}


def talk(rooms: Rooms, customers: int) -> None:
    """So many people say hello and are answered at once."""
    for number in range(customers):
        rooms.hear(text("hola", wamid=f"wamid.{number}", sender=f"52155500{number:05}"))
    rooms.work()
    rooms.send()


def test_where_nothing_happens_the_lamps_are_off(rooms: Rooms) -> None:
    assert {name: state for name, (state, _) in alarms(rooms).items()} == {
        "Errors": "off",
        "Replies": "off",
        "Conflicts": "ok",
    }


def test_where_all_is_well_they_are_green(rooms: Rooms) -> None:
    talk(rooms, 4)
    found = alarms(rooms, alarm_reply_s=3600)
    assert {state for state, _ in found.values()} == {"ok"}
    assert found["Errors"][1] == "0 of 4 messages, at most 2 %"


@pytest.mark.parametrize(("limit", "state"), [(60.0, "ok"), (30.0, "warn"), (20.0, "bad")])
def test_messages_given_up_or_not_sent_are_errors(rooms: Rooms, limit: float, state: str) -> None:
    talk(rooms, 8)
    rooms.ask("update inbox set state = 'buried' where external_id = 'wamid.0'")
    rooms.ask("update outbox set state = 'failed', error_code = 131026 where id = (select max(id) from outbox)")
    assert alarms(rooms, alarm_errors_percent=limit)["Errors"] == (state, f"2 of 8 messages, at most {limit:g} %")


@pytest.mark.parametrize(("took_s", "state"), [(1.0, "ok"), (2.0, "warn"), (4.0, "bad")])
def test_slow_replies_are_told_with_their_p95(rooms: Rooms, took_s: float, state: str) -> None:
    talk(rooms, 3)
    rooms.ask(
        "update outbox set sent_at = (select received_at from inbox i where i.id = event_id) + %(took)s",
        took=timedelta(seconds=took_s),
    )
    assert alarms(rooms)["Replies"] == (state, f"p95 {took_s} s, at most 3 s")


@pytest.mark.parametrize(("times", "state"), [(4, "ok"), (11, "warn"), (21, "bad")])
def test_turns_taken_anew_are_counted(rooms: Rooms, times: int, state: str) -> None:
    talk(rooms, 1)
    insert = "insert into happenings (at, kind, conversation_id, count) select %(at)s, 'conflict', id, %(n)s from conversations"
    rooms.ask(insert, at=datetime.now(UTC), n=times)
    rooms.ask(insert, at=datetime.now(UTC) - timedelta(hours=2), n=500)
    assert alarms(rooms)["Conflicts"] == (state, f"{times} turns taken anew, at most 20")


def test_who_may_see_no_desk_is_told_of_none(rooms: Rooms) -> None:
    talk(rooms, 2)
    assert {state for state, _ in alarms(rooms, frozenset({"hotel"})).values()} == {"off", "ok"}

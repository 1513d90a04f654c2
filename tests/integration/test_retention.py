"""Retention: what has been kept long enough goes, in small batches; what waits or is still needed stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from bot.workers import retention
from bot.workers.retention import Retention
from core.settings import Settings
from core.store.db import Database
from tests.integration.crew import SETTINGS, Rooms, text

PERIODS = {
    "inbox_keep_days": 90,
    "raw_keep_days": 30,
    "letters_keep_days": 60,
    "outbox_keep_days": 80,
    "deliveries_keep_days": 70,
    "steps_keep_days": 50,
}


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db, SETTINGS.model_copy(update=PERIODS))
    yield made
    made.close()


def sweep(rooms: Rooms) -> int:
    worker = Retention(rooms.db, rooms.ear, rooms.settings)
    removed = 0
    while done := worker.run_once():
        removed += done
    return removed


def test_pictures_go_with_the_replies_that_show_them_and_uploads_when_the_platform_forgot_them(rooms: Rooms) -> None:
    talk(rooms)
    rooms.ask("insert into own_files select id, repeat('a', 64), 'image/png', 'x', now() from conversations")
    rooms.ask("insert into uploads select id, repeat('a', 64), '1', now() from channels limit 1")
    for days, kept in ((30, (1, 1)), (2, (1, 0)), (48, (1, 0)), (2, (0, 0))):
        rooms.ask(f"update own_files set said_at = said_at - {days} * interval '1 day'")
        rooms.ask(f"update uploads set uploaded_at = uploaded_at - {days} * interval '1 day'")
        sweep(rooms)
        assert (count(rooms, "own_files"), count(rooms, "uploads")) == kept


def age(rooms: Rooms, days: int) -> None:
    """Everything happened that many days earlier."""
    for table, column in {
        "inbox": "received_at",
        "outbox": "created_at",
        "deliveries": "received_at",
        "steps": "at",
    }.items():
        rooms.ask(f"update {table} set {column} = {column} - {days} * interval '1 day'")


def count(rooms: Rooms, what: str) -> int:
    return int(rooms.ask(f"select count(*) as c from {what}")[0].c)


def talk(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))
    rooms.work()
    rooms.send()
    sent = rooms.ask("select external_id from outbox where external_id is not null")
    rooms.hear(statuses=[{"id": sent[0].external_id, "status": "read", "timestamp": "1790000000"}])
    rooms.hear({"id": "wamid.broken", "timestamp": "1", "type": "text"}, contacts=[])


WHOLE = {"inbox where state = 'done'": 1, "inbox where state = 'buried'": 1, "outbox": 1, "deliveries": 1, "steps": 1}


@pytest.mark.parametrize(
    ("days", "gone"),
    [
        (29, ()),
        (51, ("steps",)),
        (61, ("steps", "inbox where state = 'buried'")),
        (71, ("steps", "inbox where state = 'buried'", "deliveries")),
        (81, ("steps", "inbox where state = 'buried'", "deliveries", "outbox")),
        (91, tuple(WHOLE)),
    ],
)
def test_each_kind_goes_after_its_own_time(rooms: Rooms, days: int, gone: tuple[str, ...]) -> None:
    talk(rooms)
    age(rooms, days)
    sweep(rooms)
    assert {what: count(rooms, what) for what in WHOLE} == {what: 0 if what in gone else 1 for what in WHOLE}


def test_how_it_came_goes_before_what_it_says_and_never_from_a_dead_letter(rooms: Rooms) -> None:
    talk(rooms)
    assert count(rooms, "inbox where raw is not null") == 2
    age(rooms, 31)
    sweep(rooms)
    assert [row.state for row in rooms.ask("select state from inbox where raw is not null")] == ["buried"]
    assert rooms.ask("select text from inbox where state = 'done'")[0].text == "hola"
    rooms.hear(text("otra", wamid="wamid.2"))
    rooms.work()
    age(rooms, 31)
    sweep(rooms)
    assert count(rooms, "inbox where raw is not null and state = 'done'") == 0, "what came later has its turn too"


def test_what_waits_stays_however_old(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))
    rooms.work()
    rooms.hear(text("sigo aquí", wamid="wamid.2"))
    age(rooms, 400)
    sweep(rooms)
    assert count(rooms, "inbox where state = 'waiting'") == 1
    assert count(rooms, "outbox where state = 'waiting'") == 1


def test_an_unknown_send_that_a_status_may_still_settle_stays(rooms: Rooms) -> None:
    talk(rooms)
    rooms.ask("update outbox set state = 'unknown', settle_at = now() + interval '1 minute'")
    age(rooms, 400)
    sweep(rooms)
    assert count(rooms, "outbox") == 1


def test_a_long_sweep_is_many_small_batches_and_tells_how_far_it_is(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 7)
    monkeypatch.setattr(retention, "TELL_EVERY", 20)
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(
        retention.log, "info", lambda event, **line: told.append({"event": event, **line}), raising=False
    )
    for n in range(50):
        rooms.hear(text("hola", wamid=f"wamid.{n}"))
    rooms.ask("update inbox set state = 'done'")
    age(rooms, 91)
    worker = Retention(rooms.db, rooms.ear, rooms.settings)
    batches = []
    while done := worker.run_once():
        batches.append(done)
    assert len(batches) >= 7 and max(batches) <= 14
    assert count(rooms, "inbox") == 0
    told = [line for line in told if line["event"] == "retention.swept"]
    assert len(told) > 2 and told[-1]["going_on"] is False
    assert sum(line.get("events", 0) for line in told) == 50


@pytest.mark.parametrize("name", ["inbox_keep_days", "letters_keep_days", "deliveries_keep_days"])
def test_nothing_that_dedup_needs_can_be_kept_for_less_than_a_week(name: str) -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 7"):
        Settings.model_validate({name: 6})

"""The pulse: what processes write down about themselves, and who may see it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core import breaker
from core.breaker import Breaker
from core.errors import Unreachable
from core.heartbeat import Heartbeat
from core.metrics import METRICS, Metrics
from core.store import heartbeats as written
from core.store.db import Database
from core.version import VERSION
from tests.integration.crew import NUMBER, Rooms, text
from tests.waiting import until


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    rooms = Rooms(db)
    yield rooms
    rooms.close()


@pytest.fixture
def book() -> Metrics:
    return Metrics()


def pulse_of(rooms: Rooms, book: Metrics) -> Heartbeat:
    return Heartbeat(rooms.db, "workers", ["sender"], every_s=0.01, metrics=book)


def test_a_beat_tells_who_lives_and_how_its_breakers_stand(rooms: Rooms, book: Metrics) -> None:
    guarded = Breaker("graph:1", 1, 60, 60, 1)
    with pytest.raises(ZeroDivisionError), guarded.guard():
        1 / 0
    pulse_of(rooms, book).beat()
    (process,) = rooms.ask("select kind, jobs, alive, version from report.processes")
    assert tuple(process) == ("workers", ["sender"], True, VERSION)
    assert rooms.ask("select state from report.breakers where breaker = 'graph:1'")[0].state == "open"
    assert guarded.state == "open"


def test_of_two_breakers_with_one_name_the_worse_is_told() -> None:
    both = [Breaker("twice", 1, 60, 60, 1) for _ in range(2)]
    with pytest.raises(ZeroDivisionError), both[0].guard():
        1 / 0
    assert breaker.states()["twice"] == "open"


def test_what_was_noticed_is_in_the_report(rooms: Rooms, book: Metrics) -> None:
    rooms.hear()  # the platform posts something without messages
    conversation_id = met(rooms)
    for _ in range(3):
        book.note("conflict", conversation_id=conversation_id)
    book.note("refused", "BadSignature")
    book.note("breaker", "ai", detail={"from": "closed", "to": "open", "why": "5 failures"})
    book.signed_for([NUMBER, "a number that is not ours"])
    pulse_of(rooms, book).beat()
    assert rooms.ask("select sum(count) as n from report.conflicts where desk = 'field-service'")[0].n == 3
    assert [(row.why, row.count) for row in rooms.ask("select * from report.refusals")] == [("BadSignature", 1)]
    (change,) = rooms.ask("select * from report.breaker_changes")
    assert (change.breaker, change.from_state, change.to_state, change.why) == ("ai", "closed", "open", "5 failures")
    assert [row.address for row in rooms.ask("select * from report.numbers where last_post_at is not null")] == [NUMBER]


def met(rooms: Rooms) -> int:
    rooms.hear(text("hola", wamid="wamid.met"))
    return int(rooms.ask("select id from report.conversations")[0].id)


def test_what_cannot_be_written_waits_for_the_next_beat(db: Database, rooms: Rooms, book: Metrics) -> None:
    book.note("refused", "BadSignature")
    away = Database("postgresql://nobody@127.0.0.1:1/nothing", timeout_s=0.2)
    with pytest.raises(Unreachable):
        Heartbeat(away, "web", every_s=1, metrics=book).beat()
    pulse_of(rooms, book).beat()
    assert [row.count for row in rooms.ask("select count from report.refusals")] == [1]


def test_who_ends_in_order_is_no_longer_listed(rooms: Rooms, book: Metrics) -> None:
    pulse = pulse_of(rooms, book)
    pulse.start()
    until(lambda: rooms.ask("select 1 from report.processes"))
    book.note("refused", "TooLarge")
    pulse.stop()
    assert rooms.ask("select 1 from report.processes") == []
    assert rooms.ask("select why from report.refusals")[0].why == "TooLarge"


def test_who_was_killed_is_shown_as_dead_for_a_day(rooms: Rooms, book: Metrics) -> None:
    pulse_of(rooms, book).beat()
    rooms.ask("update heartbeats set at = now() - interval '1 minute'")
    assert [row.alive for row in rooms.ask("select alive from report.processes")] == [False]
    rooms.ask("update heartbeats set at = now() - interval '2 days'")
    pulse_of(rooms, book).beat()
    assert [row.alive for row in rooms.ask("select alive from report.processes")] == [True]


def test_the_door_notes_whom_a_signed_post_was_for(rooms: Rooms) -> None:
    METRICS.take()
    rooms.hear(statuses=[{"id": "wamid.x", "status": "sent", "timestamp": "1", "recipient_id": "1"}])
    assert list(METRICS.take().heard) == [NUMBER]


def test_old_happenings_are_removed(rooms: Rooms, book: Metrics) -> None:
    book.note("refused", "BadBody")
    pulse_of(rooms, book).beat()
    rooms.ask("update happenings set at = now() - interval '100 days'")
    with rooms.db.transaction() as tx:
        assert written.purge(tx, keep_days=90) == 1


@pytest.mark.parametrize(
    ("desks", "seen"), [("", 1), ("*", 1), ("field-service", 1), ("hotel", 0), ("hotel,field-service", 1), (",", 0)]
)
@pytest.mark.parametrize(
    "view", ["inbox", "outbox", "conversations", "steps", "transcript", "desks", "numbers", "conflicts"]
)
def test_a_view_shows_the_rows_of_the_desks_that_may_be_seen(
    rooms: Rooms, book: Metrics, view: str, desks: str, seen: int
) -> None:
    conversation_id = met(rooms)
    rooms.work()
    book.note("conflict", conversation_id=conversation_id)
    pulse_of(rooms, book).beat()
    with rooms.db.transaction() as tx:
        tx._cursor.execute("select set_config('turno.desks', %s, true)", (desks,))
        tx._cursor.execute(f"select desk from report.{view}")
        assert {row.desk for row in tx._cursor.fetchall()} == ({"field-service"} if seen else set())

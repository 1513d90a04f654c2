"""The metrics about PostgreSQL, the AI and the door, from real ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from math import inf

import pytest
from prometheus_client import REGISTRY

from core import telemetry
from core.errors import Rejected, Undecided
from core.settings import Settings
from core.store import operations, postgres
from core.store.db import Database
from tests.integration.crew import NUMBER, Rooms
from tests.integration.sending import ask_something, status, time_is_over


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    rooms = Rooms(db)
    yield rooms
    rooms.close()


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_the_janitor_tells_how_the_database_is(rooms: Rooms) -> None:
    rooms.janitor.run_once()
    assert figure("turno_postgres_connections") >= 1
    assert figure("turno_postgres_connections_most") >= figure("turno_postgres_connections")
    assert figure("turno_postgres_size_bytes") > 1_000_000
    assert figure("turno_postgres_transaction_age") > 0
    assert figure("turno_postgres_archiving") == figure("turno_postgres_standbys") == 0


def test_a_transaction_that_stays_open_is_told(rooms: Rooms) -> None:
    with rooms.db.transaction() as idle:
        idle._cursor.execute("select 1")
        with rooms.db.transaction() as tx:
            assert 0 < postgres.figures(tx)["oldest_transaction_seconds"] < 60


def said_twice(rooms: Rooms) -> int:
    with rooms.db.transaction() as tx:
        return postgres.said_twice(tx)


def test_a_reply_that_reached_the_customer_twice_is_counted(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.carrier.errors = [Undecided("no answer")]
    rooms.send()
    time_is_over(rooms)
    rooms.send()
    [row] = rooms.ask("select id, external_id from outbox")
    rooms.hear(statuses=[status("delivered", row.external_id, biz_opaque_callback_data=str(row.id))])
    assert said_twice(rooms) == 0
    rooms.hear(statuses=[status("delivered", "wamid.THE_FIRST", biz_opaque_callback_data=str(row.id))])
    assert said_twice(rooms) == 1


def test_the_time_until_a_reply_is_accepted_and_delivered_is_told(rooms: Rooms) -> None:
    accepted, arrived = figure("turno_reply_seconds_count"), figure("turno_delivered_seconds_count")
    ask_something(rooms)
    rooms.send()
    [row] = rooms.ask("select id, external_id from outbox")
    rooms.hear(statuses=[status("delivered", row.external_id, biz_opaque_callback_data=str(row.id))])
    rooms.hear(statuses=[status("read", row.external_id, biz_opaque_callback_data=str(row.id))])
    assert figure("turno_reply_seconds_count") == accepted + 1
    assert figure("turno_delivered_seconds_count") == arrived + 1


def test_an_operation_is_told_by_its_age_and_its_outcome(rooms: Rooms) -> None:
    with rooms.db.transaction() as tx:
        began = datetime.now(UTC)
        operations.note(tx, "backup", began, ok=True, detail={"bytes": 5})
        operations.note(tx, "backup", began, ok=False, detail={"why": "the disk is full"})
        operations.note(tx, "drill", began, ok=False)
    rooms.janitor.run_once()
    assert 0 <= figure("turno_operation_age_seconds", what="backup") < 60
    assert figure("turno_operation_age_seconds", what="drill") == inf
    assert figure("turno_operation_failed", what="backup") == figure("turno_operation_failed", what="drill") == 1
    assert [row.what for row in rooms.ask("select what from report.operations order by id")] == [
        "backup",
        "backup",
        "drill",
    ]


def test_the_last_success_of_an_operation_is_never_forgotten(rooms: Rooms) -> None:
    rooms.ask(
        "insert into operations (what, began_at, ended_at, ok) select 'backup', t, t, ok "
        "from (values (now() - interval '90 days', true), (now() - interval '80 days', true), "
        "(now() - interval '70 days', false)) as v (t, ok)"
    )
    with rooms.db.transaction() as tx:
        operations.purge(tx, keep_days=30)
    assert [row.ok for row in rooms.ask("select ok from operations order by ended_at")] == [True, False]


def test_a_refused_send_is_counted_by_its_code_and_an_unknown_code_as_other(rooms: Rooms) -> None:
    before = figure("turno_send_errors_total", code="131026"), figure("turno_send_errors_total", code="other")
    ask_something(rooms)
    rooms.carrier.errors = [Rejected("no such recipient", code=131026)]
    rooms.send()
    telemetry.send_error(999_999)
    assert figure("turno_send_errors_total", code="131026") == before[0] + 1
    assert figure("turno_send_errors_total", code="other") == before[1] + 1


def test_a_number_that_is_paused_is_told(rooms: Rooms) -> None:
    rooms.ask("update channels set paused_until = 'infinity' where address = %(number)s", number=NUMBER)
    rooms.janitor.run_once()
    assert figure("turno_numbers_paused") == 1


def test_the_end_of_the_token_is_told_where_it_is_known() -> None:
    telemetry.configure(Settings.model_validate({"whatsapp_token_ends": "2027-01-31"}))
    assert figure("turno_token_ends_timestamp_seconds") == datetime(2027, 1, 31, tzinfo=UTC).timestamp()

"""The metrics about PostgreSQL, the AI and the door, from real ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prometheus_client import REGISTRY

from core.errors import Undecided
from core.store import postgres
from core.store.db import Database
from tests.integration.crew import Rooms
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

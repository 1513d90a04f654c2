"""What staff do with a ticket reaches its customer, once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.store import tickets
from core.store.db import Database
from tests.integration.crew import Rooms, text


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    for turn, said in enumerate(["refrigerador 4045101 no enfría desde ayer", "sí"]):
        made.hear(text(said, wamid=f"wamid.{turn}"))
        made.work()
    yield made
    made.close()


def number(rooms: Rooms) -> str:
    return str(rooms.ask("select number from report.tickets")[0].number)


def change(rooms: Rooms, status: tickets.Status) -> bool:
    with rooms.db.transaction() as tx:
        changed = tickets.change(tx, number(rooms), status, by="ana", note="Va Luis")
    rooms.work()
    return changed


def test_the_customer_is_told_of_a_new_status_once(rooms: Rooms) -> None:
    before = len(rooms.said())
    assert change(rooms, "in_progress") and not change(rooms, "in_progress")
    assert len(rooms.said()) == before + 1
    assert "Va Luis" in rooms.said()[-1]


def test_a_resolved_ticket_is_asked_about_later_and_a_reopened_one_is_not(rooms: Rooms) -> None:
    change(rooms, "resolved")
    [ticket] = rooms.ask("select status, resolved_at from report.tickets")
    assert ticket.status == "resolved" and ticket.resolved_at is not None
    assert [row.name for row in rooms.ask("select name from timers where name like 'survey:%%'")]
    change(rooms, "pending")
    assert rooms.ask("select name from timers where name like 'survey:%%'") == []
    assert rooms.ask("select resolved_at from report.tickets")[0].resolved_at is None

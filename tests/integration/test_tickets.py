"""What staff do with a ticket reaches its customer, once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.store.db import Database
from core.store.staff import tickets
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


def change(rooms: Rooms, status: tickets.Status, *, expected: str | None = None) -> None:
    ask(rooms, status, expected=expected)
    rooms.work()


def ask(rooms: Rooms, status: tickets.Status, *, expected: str | None = None, once: str = "") -> int | None:
    with rooms.db.transaction() as tx:
        found = tickets.find(tx, number(rooms))
        assert found is not None
        return tickets.ask_status(tx, found, status, by="ana", note="Va Luis", expected=expected, once=once)


def test_the_customer_is_told_of_a_new_status_once(rooms: Rooms) -> None:
    before = len(rooms.said())
    for _ in range(2):
        change(rooms, "in_progress")
    assert len(rooms.said()) == before + 1
    assert "Va Luis" in rooms.said()[-1]


def test_a_ticket_is_written_by_the_turn_and_by_nothing_before_it(rooms: Rooms) -> None:
    first = ask(rooms, "in_progress", expected="pending", once="a")
    assert first == ask(rooms, "in_progress", expected="pending", once="a")
    late = ask(rooms, "cancelled", expected="pending")
    assert rooms.ask("select status from tickets")[0].status == "pending"
    assert rooms.ask("select 1 from ticket_changes") == []
    rooms.work()
    assert rooms.ask("select status from tickets")[0].status == "in_progress"
    [change] = rooms.ask("select * from ticket_changes")
    assert (change.before, change.after, change.by, change.event_id) == ("pending", "in_progress", "ana", first)
    [refused] = rooms.ask("select trigger, note from steps where event_id = %(late)s", late=late)
    assert (refused.trigger, refused.note) == ("agent_refused", "changed meanwhile")


def test_nobody_writes_a_ticket_of_somebody_who_was_erased(rooms: Rooms) -> None:
    rooms.ask("update tickets set conversation_id = null")
    assert ask(rooms, "resolved") is None
    assert rooms.ask("select 1 from inbox where kind = 'ticket'") == []


def test_a_resolved_ticket_is_asked_about_later_and_a_reopened_one_is_not(rooms: Rooms) -> None:
    change(rooms, "resolved")
    [ticket] = rooms.ask("select status, resolved_at from report.tickets")
    assert ticket.status == "resolved" and ticket.resolved_at is not None
    assert [row.name for row in rooms.ask("select name from timers where name like 'survey:%%'")]
    change(rooms, "pending")
    assert rooms.ask("select name from timers where name like 'survey:%%'") == []
    assert rooms.ask("select resolved_at from report.tickets")[0].resolved_at is None

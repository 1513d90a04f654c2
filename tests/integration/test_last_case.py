"""After the ticket: what a customer tells is in the ticket that staff see, and a cancelled one is cancelled there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core.store.db import Database
from tests.integration.crew import Rooms, text


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    for n, line in enumerate(("mi refri 4045101 no enfría", "sí")):
        made.hear(text(line, wamid=f"wamid.{n}"))
        made.work()
    yield made
    made.close()


def ticket(rooms: Rooms) -> Any:
    [found] = rooms.ask("select number, status, summary, content from tickets")
    return found


def say(rooms: Rooms, *lines: str) -> None:
    for line in lines:
        rooms.hear(text(line, wamid=f"wamid.{line}"))
    rooms.work()


def test_several_details_are_added_in_order_and_answered_once(rooms: Rooms) -> None:
    before = len(rooms.said())
    say(rooms, "también huele raro", "y hace mucho ruido")
    found = ticket(rooms)
    assert found.summary == "no enfría · también huele raro · y hace mucho ruido"
    assert [line["text"] for line in found.content["added"]] == ["también huele raro", "y hace mucho ruido"]
    assert len(rooms.said()) == before + 1


def test_a_cancelled_ticket_is_cancelled_for_staff_too(rooms: Rooms) -> None:
    say(rooms, "cancela mi reporte")
    assert ticket(rooms).status == "pending"
    say(rooms, "sí")
    assert ticket(rooms).status == "cancelled"
    [change] = rooms.ask("select before, after, by from ticket_changes")
    assert change == ("pending", "cancelled", "customer")


def test_cancel_right_after_the_yes_is_asked_about(db: Database) -> None:
    made = Rooms(db)
    say(made, "mi refri 4045101 no enfría")
    say(made, "sí", "cancela")
    assert "¿Cancelo tu reporte" in made.said()[-1]
    made.close()

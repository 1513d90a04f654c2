"""From a booked room to the review, with the house book, real timers and a real database: only the clock is moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.messages import Template
from core.store.path import timers as due
from tests import businesses
from tests.inn import ARRIVES, LEAVES, business
from tests.integration.crew import Rooms, press, text
from tests.integration.errands import do_all
from tests.integration.lodging import ANA, NUMBER, Desk

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
LINK = "https://g.page/mirador/review"
TEMPLATES = ["stay_week=semana/es_AR", "stay_tomorrow=manana/es_AR", "review=que_tal/es_AR"]
DAYS = f"del {ARRIVES:%d/%m/%Y} al {LEAVES:%d/%m/%Y}"


@pytest.fixture
def desk(rooms: Rooms) -> Iterator[Desk]:
    with rooms.db.transaction() as tx:
        own = business(NUMBER, templates=TEMPLATES, review_google=LINK)
        businesses.put(tx, {"desks": [{**own, "menu": "hotel"}]})
    yield Desk(rooms)


def says(desk: Desk, line: str) -> str:
    """What Ana reads after a line, and after the errands that it wanted."""
    return hears(desk, text(line, wamid=f"line-{desk.count}", sender=ANA))


def presses(desk: Desk, choice: str) -> str:
    """The same after one of the buttons that were shown last."""
    [last] = desk.ask("select content from outbox where content ? 'options' order by id desc limit 1")
    pressed = next(each["id"] for each in last.content["options"] if each["id"].startswith(f"{choice}|"))
    return hears(desk, press(pressed, wamid=f"line-{desk.count}", sender=ANA))


def hears(desk: Desk, message: dict[str, Any]) -> str:
    before = len(desk.rooms.said())
    desk.count += 1
    desk.rooms.hear(message, number=NUMBER)
    desk.rooms.work()
    do_all(desk.rooms, desk.worker)
    return "\n".join(desk.rooms.said()[before:])


def book(desk: Desk) -> str:
    """A room is booked in the conversation; its number."""
    for line in (f"una doble {DAYS}, 2 adultos", "1", "Ana Pérez"):
        says(desk, line)
    presses(desk, "no_email")
    said = presses(desk, "yes")
    assert "Reserva confirmada" in said, said
    [row] = desk.ask("select reference from bookings where state = 'booked'")
    says(desk, "nada más, gracias")
    return str(row.reference)


def timers(desk: Desk) -> dict[str, datetime]:
    """The timers of what is sent later, and when they ring at the hotel."""
    rows = desk.ask("select name, due_at from timers where name like any(array['stay%%', 'review%%'])")
    return {row.name.partition(":")[0]: row.due_at.astimezone(ZONE) for row in rows}


def ring(desk: Desk, name: str, at: datetime) -> None:
    """This timer is due, at this moment of the clock."""
    desk.rooms.clock.at = at.astimezone(UTC)
    moved = desk.rooms.ask("update timers set due_at = now() where name like %(name)s || '%%' returning 1", name=name)
    assert len(moved) == 1
    with desk.rooms.db.transaction() as tx:
        due.fire(tx)
    desk.rooms.work()


def templates(desk: Desk) -> list[Template]:
    rows = desk.ask("select content->'template' as told from outbox where kind = 'template' order by id")
    return [Template(row.told["name"], row.told["language"], tuple(row.told["parameters"])) for row in rows]


def at(day: object, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZONE)  # type: ignore[arg-type]  # days of the inn


def test_a_booking_is_reminded_of_twice_and_asked_about_after_it(desk: Desk) -> None:
    number = book(desk)
    assert timers(desk) == {
        "stay_week": at(ARRIVES - timedelta(days=7), 10),
        "stay_tomorrow": at(ARRIVES - timedelta(days=1), 10),
        "review": at(LEAVES + timedelta(days=1), 12),
    }
    for name, moment in timers(desk).items():
        ring(desk, name, moment)
    assert [told.name for told in templates(desk)] == ["semana", "manana", "que_tal"]
    assert templates(desk)[1].parameters[0] == "Mirador" and templates(desk)[1].parameters[-1] == number
    desk.rooms.clock.at = datetime.now(UTC)  # the door knows the hour, and would call it late
    assert LINK in says(desk, "todo excelente, gracias")
    assert timers(desk) == {}


def test_a_change_moves_them_and_what_reception_moved_is_looked_up_when_it_is_due(desk: Desk) -> None:
    number = book(desk)
    says(desk, f"cambiar las fechas, del {ARRIVES:%d/%m/%Y} al {LEAVES + timedelta(days=1):%d/%m/%Y}")
    assert "cambié la reserva" in says(desk, "sí")
    assert timers(desk)["review"] == at(LEAVES + timedelta(days=2), 12)
    later = {"arrives": str(ARRIVES + timedelta(days=20)), "leaves": str(LEAVES + timedelta(days=20))}
    desk.rooms.ask(
        "update bookings set content = content || jsonb_build_object('arrives', %(arrives)s::text, 'leaves', %(leaves)s::text)"
        " where reference = %(number)s returning 1", number=number, **later,
    )  # fmt: skip
    ring(desk, "stay_tomorrow", at(ARRIVES - timedelta(days=1), 10))
    assert templates(desk) == [] and timers(desk)["stay_tomorrow"] == at(ARRIVES + timedelta(days=19), 10)


def test_a_guest_who_cancels_hears_nothing_of_it_later(desk: Desk) -> None:
    book(desk)
    says(desk, "cancelar mi reserva")
    assert "cancel" in says(desk, "sí")
    assert timers(desk) == {}


def test_nothing_is_said_about_a_stay_that_reception_cancelled(desk: Desk) -> None:
    book(desk)
    desk.rooms.ask("update bookings set state = 'cancelled' returning 1")
    for name, moment in timers(desk).items():
        ring(desk, name, moment)
    assert templates(desk) == [] and timers(desk) == {}
    notes = [
        row.note for row in desk.ask("select note from steps where trigger in ('stay_week', 'stay_tomorrow', 'review')")
    ]
    assert notes == ["not booked any more"] * 3

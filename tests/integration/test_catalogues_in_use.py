"""What the catalogues of a desk do to its conversations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.commands import demo
from core.store import catalogue
from core.store.db import Database
from tests.integration.crew import Rooms, text

GUADALAJARA = {"latitude": 20.67, "longitude": -103.35}


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    with db.transaction() as tx:
        demo.put(tx)
    yield made
    made.close()


def write(rooms: Rooms, body: str) -> str:
    rooms.hear(text(body, wamid=f"wamid.{len(rooms.said())}.{body}"))
    rooms.work()
    return rooms.said()[-1]


def pin(rooms: Rooms) -> str:
    message = text("", wamid="wamid.pin")
    rooms.hear({**message, "type": "location", "location": GUADALAJARA})
    rooms.work()
    return rooms.said()[-1]


def report_vehicle(rooms: Rooms) -> str:
    for said in ("carro", "54321", "483765723", "no enciende el motor"):
        write(rooms, said)
    return pin(rooms)


def test_the_nearest_centre_that_is_in_use_is_promised(rooms: Rooms) -> None:
    assert "Centro de Servicio Guadalajara" in report_vehicle(rooms)
    kept = rooms.ask("select content -> 'arrival' as arrival from report.tickets")[0].arrival
    assert (kept["code"], kept["simple"], kept["minutes"]) == ("CS-GDL", True, 27)
    assert 3 < kept["km"] < 4


def test_a_centre_that_is_no_longer_in_use_is_passed_over(rooms: Rooms) -> None:
    rooms.ask("update catalogue set content = content || '{\"active\": false}' where key = 'CS-GDL'")
    assert "Centro de Servicio Querétaro" in report_vehicle(rooms)


def to_the_second_question(rooms: Rooms) -> str:
    """Resolve a report, let its survey come, and rate once; the second question."""
    report_vehicle(rooms)
    rooms.ask(
        "update sessions set flow = 'survey', state = 'question_1', flow_version = 1, "
        "memory = jsonb_set(memory, '{notes,survey}', jsonb_build_object('ticket', (select number from tickets)), true)"
    )
    return write(rooms, "5")


def test_a_survey_asks_in_the_words_of_the_desk(rooms: Rooms) -> None:
    rooms.ask(
        "update catalogue set content = content || %(told)s::jsonb where kind = 'survey_questions' and key = '2'",
        told='{"text": "¿Llegamos cuando dijimos?"}',
    )
    assert "2️⃣ ¿Llegamos cuando dijimos?" in to_the_second_question(rooms)


def test_a_desk_without_questions_of_its_own_asks_the_usual_ones(rooms: Rooms) -> None:
    rooms.ask("delete from catalogue where kind = 'survey_questions'")
    assert "2️⃣ ¿Fue adecuado el tiempo de reparación?" in to_the_second_question(rooms)


def test_the_usual_question_is_put_in_the_language_of_the_customer(rooms: Rooms) -> None:
    write(rooms, "english")
    assert "2️⃣ Was the repair time adequate?" in to_the_second_question(rooms)


def test_a_desk_that_knows_its_vehicles_takes_no_others(rooms: Rooms) -> None:
    with rooms.db.transaction() as tx:
        catalogue.put(tx, "field-service", "vehicles", {"4837657": {"model": "Torton", "plate": ""}})
    write(rooms, "carro")
    write(rooms, "54321")
    assert "No encontré el vehículo *483765723*" in write(rooms, "483765723")
    assert "¿Qué le pasa al vehículo?" in write(rooms, "4837657")


def test_a_desk_without_a_list_of_vehicles_takes_the_code_it_is_told(rooms: Rooms) -> None:
    write(rooms, "carro")
    write(rooms, "54321")
    assert "¿Qué le pasa al vehículo?" in write(rooms, "483765723")

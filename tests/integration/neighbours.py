"""Two desks with two numbers each and two customers on each number: statements must touch their own rows only."""

from __future__ import annotations

from typing import Any

from tests import businesses
from tests.integration.crew import Rooms, text

NUMBERS = {"north": ("201", "202"), "south": ("301", "302")}
NAMES = ("Ana", "Beto", "Carla", "Dora", "Eva", "Fito", "Gala", "Hugo")
PLACES = [(desk, number) for desk, numbers in NUMBERS.items() for number in numbers for _ in range(2)]


def move_in(rooms: Rooms, *, says: str = "hola") -> None:
    """Each of the eight says hello on their number; conversation 1 is Ana's on 201, and so on."""
    with rooms.db.transaction() as tx:
        businesses.put(
            tx,
            {
                "desks": [
                    {
                        "id": id,
                        "name": id.title(),
                        "language": "es",
                        "timezone": "UTC",
                        "menu": "menu",
                        "whatsapp": numbers,
                    }
                    for id, numbers in NUMBERS.items()
                ]
            },
        )
    for place, (name, (_, number)) in enumerate(zip(NAMES, PLACES, strict=True)):
        say(rooms, place, says, number=number, name=name)


def say(rooms: Rooms, place: int, words: str, *, number: str, name: str) -> None:
    phone = f"5215550000{place:03}"
    message = text(words, wamid=f"wamid.{name}.{words}", sender=phone)
    rooms.hear(message, number=number, contacts=[{"wa_id": phone, "profile": {"name": name}}])


def standing(rooms: Rooms, table: str, key: str = "id") -> dict[int, Any]:
    """Each row of this table by its key, whole."""
    return {row.key: row.row for row in rooms.ask(f"select {key} as key, {table}::text as row from {table}")}


def changed(before: dict[int, Any], after: dict[int, Any]) -> set[int]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}

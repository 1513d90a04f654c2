"""Who comes, as guests tell it: the people of each room, or what must be asked for."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desks.hotel.house.port import Party
from bot.desks.hotel.understanding import hours, people, rooms
from tests import adversaries


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("para dos y un nene de 4", [Party(2, (4,))]),
        ("2 adultos + 1 bebé", [Party(2, (0,))]),
        ("a couple with two kids aged 3 and 17", [Party(2, (3, 17))]),
        ("casal e uma criança de 6", [Party(2, (6,))]),
        ("dos habitaciones de tres personas", [Party(3), Party(3)]),
        ("2 habitaciones para 4 personas", [Party(2), Party(2)]),
        ("dos simples", [Party(1), Party(1)]),
        ("son 3 en vez de 2", [Party(3)]),
        ("no, somos 3", [Party(3)]),
        ("mi mujer y yo", [Party(2)]),
        ("con mi mujer y mi hijo de 5", [Party(2, (5,))]),
        ("viajo solo", [Party(1)]),
        ("just me", [Party(1)]),
        ("somos eu, minha esposa e nosso filho de 7 anos", [Party(2, (7,))]),
        ("we are 2 adults and a 5 year old", [Party(2, (5,))]),
        ("2 adults 2 children (4 and 7)", [Party(2, (4, 7))]),
        ("una pareja con un bebé de 8 meses", [Party(2, (0,))]),
        ("4 personas y 2 niños de 3 y 5", [Party(4, (3, 5))]),
        ("somos 4: 2 adultos y 2 nenes de 3 y 5", [Party(2, (3, 5))]),
        ("adultos: 2, niños: 1 de 9", [Party(2, (9,))]),
        ("hijo de 20 y 2 adultos", [Party(3)]),
        ("2 adultos sin niños", [Party(2)]),
        ("somos 2 con un perro", [Party(2)]),
        ("2 adultos y un nene de 4, 3 noches", [Party(2, (4,))]),
        ("party of six", [Party(6)]),
        ("para mi mamá y yo", [Party(2)]),
        ("dos personas mayores", [Party(2)]),
        ("para una persona", [Party(1)]),
        ("casal com bebê", [Party(2, (0,))]),
        ("3 guests: 2 adults, 1 child (7)", [Party(2, (7,))]),
        ("my wife and I", [Party(2)]),
        ("the two of us and our 4 year old", [Party(2, (4,))]),
    ],
)
def test_people_are_counted_by_room(text: str, parties: list[Party]) -> None:
    assert people.read(text) == people.People(tuple(parties))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2 adultos y 2 niños", "ages"),
        ("2 adultos y dos nenes de 3", "ages"),
        ("quarto para 2 adultos e 1 criança de 3 a 6 de janeiro", "ages"),
        ("un nene de 4", "adults"),
        ("4 personas, 2 niños de 3 y 5", "total"),
        ("somos 5, dos habitaciones", "split"),
        ("una doble y una simple para 3", "split"),
        ("2 adultos y un nene de 4 en 2 habitaciones", "split"),
        ("tres dobles", "people"),
        ("reservar 2 habitaciones", "people"),
        ("somos una familia de 4", "people"),
        ("50 habitaciones para mañana", "many"),
        ("11 personas", "many"),
        ("no son 2, son 3", "total"),
        ("reserva para 3, en realidad 4", "total"),
        ("4 o 5 personas", "people"),
        ("de 4 a 6 personas", "people"),
        ("family of 4", "people"),
        ("twins aged 6 and two adults", "ages"),
        ("adultos: 2, niños: 1", "ages"),
        ("2 adultos, 1 nene. 3 de enero", "ages"),
    ],
)
def test_what_is_not_plain_is_asked(text: str, why: str) -> None:
    assert people.read(text).unsure == why


@pytest.mark.parametrize(
    "text",
    ["for 2 nights", "from the 3rd for 3 nights", "a las 3", "para el 3", "habitación 204", "quiero una habitación", "para 5 de enero",
     "son 3000 pesos", "2 toallas", "en 4 cuotas", "quiero hablar con una persona", "una cama doble", "hola chicos", "¿hay pileta para niños?", "piscina para 3 a 5 de enero"],
)  # fmt: skip
def test_what_counts_no_people_is_none(text: str) -> None:
    assert not people.read(text)


def test_a_number_alone_counts_people_only_where_they_were_asked_for() -> None:
    assert people.read("2", asked=True) == people.People((Party(2),))
    assert not people.read("2")


@given(
    st.integers(1, 6),
    st.lists(st.integers(1, 17), max_size=4),
    st.sampled_from(["{a} adultos", "{a} adults", "{a} personas"]),
)
def test_people_who_are_written_out_are_read_back(adults: int, ages: list[int], form: str) -> None:
    words = f" y {len(ages)} niños de {' y '.join(map(str, ages))} años" if ages else ""
    assert people.read(form.format(a=adults) + words) == people.People((Party(adults, tuple(ages)),))


@given(st.text(max_size=200))
def test_any_text_is_read_and_nobody_is_less_than_one(text: str) -> None:
    read = people.read(text, asked=True)
    assert not read.parties or all(party.people > 0 for party in read.parties)


def test_hostile_texts_are_read_too() -> None:
    for text in adversaries.texts():
        people.read(text, asked=True)
        hours.read(text)
        rooms.kinds(text)


@pytest.mark.parametrize(
    ("text", "matter", "hour"),
    [
        ("podemos salir a las 2?", "leaving", time(14)),
        ("llegamos a las 11", "arriving", time(23)),
        ("llegamos a las 11 de la mañana", "arriving", time(11)),
        ("at 7 am", "", time(7)),
        ("a las 6:30", "", time(6, 30)),
        ("14hs", "", time(14)),
        ("por volta da meia-noite", "", time(0)),
        ("entre las 10 y las 12", "", None),
        ("el 3/1", "", None),
        ("somos 4", "", None),
    ],
)
def test_hours_are_read(text: str, matter: hours.Matter, hour: time | None) -> None:
    assert hours.read(text, matter) == hour


HOUSE = {
    "standard_single": "Individual estándar", "standard_double": "Doble estándar", "premium_double": "Doble premium",
    "family": "Familiar", "suite": "Suite", "A1": "Quarto duplo luxo",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("la doble", ("standard_double", "premium_double", "A1")),
        ("la doble premium", ("premium_double",)),
        ("a twin room", ("standard_double", "premium_double", "A1")),
        ("habitación matrimonial estándar", ("standard_double",)),
        ("la sencilla", ("standard_single",)),
        ("a family room", ("family",)),
        ("quarto de luxo", ("A1",)),
        ("la suite junior", ("suite",)),
        ("una carpa", ()),
    ],
)
def test_the_house_s_own_rooms_are_found_by_what_people_call_them(said: str, codes: tuple[str, ...]) -> None:
    assert rooms.meant(rooms.kinds(said), HOUSE) == codes

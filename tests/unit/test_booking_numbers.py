"""Booking numbers: as guests write them, and as they read them aloud."""

from __future__ import annotations

import pytest

from bot.desks.hotel.house import numbers
from bot.nlu.fold import clean, plain


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("HTL-4KQ7MB", "HTL-4KQ7MB"),
        ("mi reserva es la htl 4kq7mb, gracias", "HTL-4KQ7MB"),
        ("quiero cancelar HTL_4KQ7MB ya", "HTL-4KQ7MB"),
        ("Cancel reservation #12345", "12345"),
        ("reserva 12345 por favor", "12345"),
        ("la reserva nro. 770", "770"),
        ("reserva #7", "7"),
        ("quiero una reserva 2 personas", ""),
        ("hache te ele, cuatro, ka, cu, siete, eme, be", "HTL-4KQ7MB"),
        ("es la hache te ele guion cuatro k q siete m b", "HTL-4KQ7MB"),
        ("aitch tee ell four kay cue seven em bee", "HTL-4KQ7MB"),
        ("agá tê ele quatro cá quê sete eme bê", "HTL-4KQ7MB"),
        ("H T L 4 K Q 7 M B", "HTL-4KQ7MB"),
        ("HTL doble ve dos i griega tres equis zeta", "HTL-W2Y3XZ"),
        ("quiero una habitación para el 12345", ""),
        ("somos 3 personas del 10 al 12", ""),
        ("a las 4 de la tarde", ""),
        ("cambiar", ""),
    ],
)
def test_a_number_is_found_in_what_is_said(text: str, found: str) -> None:
    assert numbers.find(plain(clean(text))) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4KQ7MB", "HTL-4KQ7MB"),
        ("es 4kq7mb", "HTL-4KQ7MB"),
        ("12345", "12345"),
        ("cuatro ka cu siete eme be", "HTL-4KQ7MB"),
        ("no lo tengo", ""),
        ("cancelar", ""),
        ("mañana", ""),
    ],
)
def test_where_one_was_asked_for_it_needs_no_prefix(text: str, found: str) -> None:
    assert numbers.find(plain(clean(text)), asked=True) == found


def test_what_is_made_is_read_and_no_letter_of_it_looks_like_a_digit() -> None:
    for number in range(2000):
        made = numbers.made(f"turno-{number}-book:1")
        assert numbers.read(made) == numbers.read(made.lower()) == numbers.find(plain(clean(made))) == made
        assert not set("IO01") & set(made.removeprefix("HTL-"))


@pytest.mark.parametrize("value", ["", "HTL-", "HTL-123", "4KQ7M", "1" * 13, "١٢٣", None, 7, "HTL-4KQ7MB'; drop table"])
def test_what_is_no_number_is_none(value: object) -> None:
    assert numbers.read(value) is None

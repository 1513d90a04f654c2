"""A stay in the conversation: no price is said that is not a quote's, nothing is called booked before it is, and days, people
and amounts are said as each language has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import desks
from bot.desks.hotel import saying
from bot.desks.hotel.house.port import Party, Stay
from bot.engine.rehearsal import Rehearsal, readable
from core.turn import ErrandWanted, HoldReleased, Turn
from tests.unit.talk import rehearsed

HOME: Path = desks.folders()["hotel"]
DESK, FACTS = rehearsed(HOME)
AMOUNT = re.compile(r"(?:R?US?\$|R\$|\$|ARS\s)\s?(\d[\d.,]*\d|\d)")
LINES = {
    "es": ("una doble del 3 al 6 de abril para dos", "una habitación para 2 adultos y un nene de 4", "del 10 al 12 de abril",
           "mejor hasta el 7", "la primera", "la más cara", "la otra", "somos 3", "otras fechas", "Ana Pérez", "cancelar",
           "ana@correo.com", "sí", "no", "menú", "hola", "la premium", "¿cuánto sale?", "31 noches", "reservala"),
    "en": ("a double from 3 to 6 April for two", "the first one", "the cheapest", "Mary Jones", "mary@mail.com", "yes",
           "until the 7th", "we are 3", "other dates", "cancel", "the other one"),
}  # fmt: skip
PRESSES = ("offer=", "other_days", "no_email", "deposit", "at_hotel", "yes", "release", "again")
COMES = st.sampled_from([
    {"booking_book": {"outcome": "unknown"}}, {"booking_book": {"outcome": "failed"}}, {"booking_book": {"dearer": "1.1"}},
    {"hold_take": {"outcome": "refused", "result": {"why": "taken"}}}, {"offers_search": {"outcome": "failed"}},
    {"booking_book": {"outcome": "refused", "result": {"why": "hold_lost"}}},
])  # fmt: skip


class Guest(Rehearsal):
    """Somebody whose errands are done at once; and every amount that the house has told."""

    def __init__(self, language: str = "es"):
        super().__init__(DESK, language, facts=FACTS)
        self.quoted: set[Decimal] = set()
        self.booked = False

    def acts(self, act: str) -> Iterator[Turn]:
        """The turns that follow from a line, or from a button that is shown."""
        if act in PRESSES:
            shown = [o.id.partition("|")[0] for o in (self.asked[-1].options if self.asked else ())]
            found = next((each for each in shown if each.startswith(act)), "")
            turns = [self.press(found)] if found else []
        else:
            turns = [self.say(act)]
        yield from turns
        while self.errands:
            yield self.do_errand()[1]

    def step(self, event: Any, reading: Any) -> Turn:
        if event.kind == "errand":
            told = event.content.get("result") or {}
            for quote in (*told.get("offers", ()), *told.get("nearest", ()), told.get("offer"), told.get("booking")):
                self.quoted |= amounts_of(quote) if quote else set()
            self.booked |= bool(told.get("booking"))
        return super().step(event, reading)


def amounts_of(quote: Mapping[str, Any]) -> set[Decimal]:
    """Everything that may be said of a quote: its nights with tax, its total, its tax, and the deposit."""
    total = Decimal(quote["total"])
    tax = [Decimal(quote["tax"])] if "tax" in quote else []
    nights = [Decimal(each["price"]) + Decimal(each["tax"]) for each in quote["nights"]]
    return {round(each, 2) for each in (total, *tax, *nights, total * 30 / 100)}


def said(turn: Turn, language: str) -> list[Decimal]:
    marks = ".,"[:: -1 if language == "en" else 1]
    text = "\n".join(map(readable, turn.replies))
    return [Decimal(found.replace(marks[0], "").replace(marks[1], ".")) for found in AMOUNT.findall(text)]


def check(guest: Guest, turn: Turn) -> None:
    language = guest.session.language[:2]
    assert {*said(turn, language)} <= guest.quoted, [readable(reply) for reply in turn.replies]
    text = "\n".join(reply.text for reply in turn.replies)
    assert guest.booked or not re.search(r"confirmada|is confirmed", text), text


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["es", "en"]), st.data())
def test_no_price_is_said_that_is_not_in_a_quote_and_nothing_is_booked_before_it_is(language: str, data: Any) -> None:
    guest = Guest(language)
    first, *others = LINES[language]
    acts = st.sampled_from([*others, *PRESSES, *PRESSES])
    for act in [first, *data.draw(st.lists(acts, min_size=3, max_size=14))]:
        if data.draw(st.integers(0, 5)) == 0:
            guest.planned |= {kind: [told] for kind, told in data.draw(COMES).items()}
        for turn in guest.acts(act):
            check(guest, turn)


def test_a_price_that_no_quote_has_is_found_by_the_rule_above() -> None:
    guest = Guest()
    [*_, turn] = guest.acts("una doble del 3 al 6 de abril para dos")
    guest.quoted.remove(said(turn, "es")[0])
    with pytest.raises(AssertionError):
        check(guest, turn)


def test_whatever_ends_a_stay_before_it_is_booked_frees_the_room() -> None:
    for act in ("cancelar", "release", "menú", "quiero ver mi reserva", "otras fechas", "somos 3"):
        guest = Guest()
        for line in ("una habitación del 3 al 6 de abril para dos", "la primera", "Ana Pérez", "ana@correo.com"):
            list(guest.acts(line))
        assert guest.where == "hotel_stay.confirming"
        held = guest.session.notes["stay"]["hold"]
        freed = [r.key for turn in guest.acts(act) for r in turn.records if isinstance(r, HoldReleased)]
        assert freed == [held], act


def test_a_booking_without_an_outcome_is_looked_up_by_its_own_key() -> None:
    guest = Guest()
    for line in ("una doble del 3 al 6 de abril para dos", "la primera", "Ana Pérez", "ana@correo.com"):
        list(guest.acts(line))
    guest.planned["booking_book"] = [{"outcome": "unknown"}, {"outcome": "unknown"}]
    turns = list(guest.acts("at_hotel"))
    keys = [r.key for turn in turns for r in turn.records if isinstance(r, ErrandWanted) and r.service == "booking"]
    assert len(keys) == 3 and len({*keys}) == 1


@pytest.mark.parametrize(
    ("language", "amount", "currency", "read"),
    [
        ("es-AR", "121000", "ARS", "$121.000"), ("es", "99.5", "USD", "US$99,50"), ("en", "121000.00", "ARS", "ARS\xa0121,000"),
        ("pt", "1500.00", "BRL", "R$1.500"), ("en", "1234.5", "USD", "US$1,234.50"), ("pt", "10", "ARS", "ARS\xa010"),
    ],
)  # fmt: skip
def test_an_amount_is_said_as_the_language_has_it(language: str, amount: str, currency: str, read: str) -> None:
    assert saying.money(language, Decimal(amount), currency) == read


def test_days_and_people_are_said_with_weekdays_and_ages() -> None:
    today, over_new_year = date(2026, 12, 1), Stay(date(2026, 12, 30), date(2027, 1, 2))
    assert (
        saying.stay("es", over_new_year, today)
        == "del miércoles 30 de diciembre al sábado 2 de enero de 2027 (3 noches)"
    )
    assert (
        saying.stay("en", Stay(date(2026, 12, 3), date(2026, 12, 4)), today)
        == "Thursday 3 to Friday 4 December (1 night)"
    )
    assert saying.people("es", (Party(2, (4, 7)),)) == "2 adultos y 2 menores (4 y 7 años)"
    assert saying.people("pt", (Party(3), Party(1, (2,)))) == "2 quartos: 3 adultos e 1 adulto e 1 criança (2 anos)"

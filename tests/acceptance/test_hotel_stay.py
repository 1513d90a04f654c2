"""A room booked on WhatsApp with real processes: signed webhook, workers, the house book, and the Graph API's double.

Everything in one message, a correction, a room for one of two guests, the details, and the booking; a worker that does errands
dies in the midst.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.commands import demo
from core.store.db import Database
from tests.acceptance.house import House

NUMBER = "100000000000003"
ANA, BEN = "5492944550001", "5492944550002"
ARRIVES = date.today() + timedelta(days=60)
STAY = f"del {ARRIVES:%d/%m/%Y} al {ARRIVES + timedelta(days=3):%d/%m/%Y}"


@pytest.fixture
def house(db_url: str, tmp_path: Path) -> Iterator[House]:
    with House(db_url, tmp_path) as house:
        database = Database(db_url)
        with database.transaction() as tx:
            demo.put(tx)
        database.close()
        house.open()
        house.work()
        yield house


class Guest:
    """Somebody who books a room by phone."""

    def __init__(self, house: House, phone: str):
        self._house, self._phone = house, phone

    def say(self, text: str) -> str:
        return self._brings({"kind": "text", "text": text})

    def press(self, choice: str) -> str:
        kind, options = _options(self._heard()[-1])
        pressed = next(option for option in options if option["id"].startswith(choice))
        return self._brings({"kind": kind, "id": pressed["id"], "title": pressed["title"]})

    def _brings(self, content: dict[str, Any]) -> str:
        """What the guest reads after this, once nothing is under way any more."""
        before = len(self._heard())
        self._house.said.append(self._house.exchange.say(self._phone, NUMBER, content)["id"])
        self._house.settle()
        return "\n".join(map(_text, self._heard()[before:]))

    def _heard(self) -> list[dict[str, Any]]:
        return [
            each["body"]
            for each in self._house.accepted
            if (each["number"], each["to"].removeprefix("+")) == (NUMBER, self._phone)
        ]


def _options(body: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    action = body.get("action", {})
    if "sections" in action:
        return "list", action["sections"][0]["rows"]
    return "button", [button["reply"] for button in action.get("buttons", ())]


def _text(body: dict[str, Any]) -> str:
    told = body.get("body", "")
    return str(told if isinstance(told, str) else told.get("text", ""))


def test_a_guest_books_a_suite_that_another_cannot_have_while_a_worker_dies(house: House) -> None:
    errands = house.work("media")
    ana, ben = Guest(house, ANA), Guest(house, BEN)
    offered = ana.say(f"hola, una suite {STAY} para dos y un nene de 4, ¿cuánto sale?")
    assert "2 adultos y 1 menor (4 años)" in offered and "impuestos incluidos" in offered
    assert "Suite" in ben.say(f"¿tenés una suite {STAY} para dos?")
    assert "¿A nombre de quién" in ana.press("offer=")
    errands.kill()
    house.work("media")
    assert "Alguien la tomó justo antes" in ben.press("offer=")
    assert "mail" in ana.say("Ana Pérez")
    asked = ana.press("no_email")
    assert "Ana Pérez" in asked and house.one("select count(*) from bookings") == 0
    confirmed = ana.press("at_hotel")
    [booking] = house.ask("select reference, state, amount, currency, content from bookings")
    [quote] = house.ask("select amount, tax from quotes where id = (select quote_id from bookings)")
    assert booking.state == "booked" and booking.reference in confirmed
    assert (booking.amount, booking.currency) == (quote.amount, "ARS")
    told = f"{quote.amount.quantize(Decimal('0.01')):,}".translate(str.maketrans(",.", ".,")).removesuffix(",00")
    assert f"${told}" in asked and f"${told}" in confirmed
    assert booking.content["guest"]["name"] == "Ana Pérez"
    house.check()

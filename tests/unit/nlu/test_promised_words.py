"""Whatever a sentence asks the customer to write is understood, and means what the sentence says."""

from __future__ import annotations

import re

import pytest

from bot import desks
from bot.script import phrases
from core.messages import Event
from core.reading import Expectation
from core.session import Desk, Session

SESSION = Session(1, Desk("field-service", "Field service", "es", "America/Mexico_City", "menu"))
EMPHASISED = re.compile(r"\*([^*{}]+)\*")
MEANS = {
    "hola": "greeting",
    "hello": "greeting",
    "persona": "person",
    "person": "person",
    "menú": "menu",
    "menu": "menu",
    "ayuda": "help",
    "help": "help",
    "cancelar": "cancel",
    "cancel": "cancel",
    "atrás": "back",
    "back": "back",
    "alta": "start",
    "start": "start",
    "mis reportes": "consult_tickets",
    "my reports": "consult_tickets",
    "cambia el código a 4045101": "correct",
    "cambia el problema a no enfría": "correct",
    "cambia el código a 483765": "correct",
    "cambia el problema a no enciende": "correct",
    "change the code to 4045101": "correct",
    "change the problem to not cooling": "correct",
    "change the code to 483765": "correct",
    "change the problem to it won't start": "correct",
    "mi refrigerador no enfría": "report_refrigerator",
    "my fridge is not cooling": "report_refrigerator",
}
ASKED = ("", "sap_code", "employee_number")
"""Where such a word is said: in the menu, or under a question."""


def told() -> set[str]:
    """All that stands between stars in what a customer of the field service may read."""
    tables = [
        table
        for (_, flow), table in phrases.WRITTEN.items()
        if flow in ("common", "menu", "refrigerator", "vehicle", "tickets")
    ]
    texts = [re.sub(r"\*\{\w+\}\*", "", text) for table in tables for text in table.values()]
    return {words.lower() for text in texts for words in EMPHASISED.findall(text)}


def test_the_list_holds_nothing_that_no_sentence_says() -> None:
    assert MEANS.keys() <= told()


@pytest.mark.parametrize("desk", ["field", "it"])
@pytest.mark.parametrize("words", [words for words in MEANS if " " not in words])
def test_a_word_that_customers_are_told_to_write_works_at_every_desk(words: str, desk: str) -> None:
    event = Event("1", "text", text=words)
    assert desks.read(event, Expectation(desk=desk)).intent == MEANS[words]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("words", MEANS)
def test_what_customers_are_told_to_write_means_what_was_said(words: str, asked: str) -> None:
    expectation = Expectation("slot", asked, desk="field") if asked else Expectation(desk="field")
    assert desks.read(Event("1", "text", text=words), expectation).intent == MEANS[words]

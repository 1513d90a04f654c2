"""A desk that brings only words of its own understands what its shared phrases tell its customers to write."""

from __future__ import annotations

import pytest

from bot.nlu import plain
from core.reading import Expectation
from tests.bakery import WORDS

SAYS = {
    "person": (
        "persona",
        "quiero hablar con una persona",
        "hola, necesito hablar con un humano",
        "I want to talk to a person",
    ),
    "menu": ("menú", "menu", "volver al menú", "show me the menu"),
    "back": ("atrás", "back", "go back"),
    "cancel": ("cancelar", "ya no quiero nada", "cancel", "never mind"),
    "help": ("ayuda", "no entiendo", "help", "I need help"),
    "restart": ("empezar de nuevo", "start over"),
    "consult_tickets": ("mis reportes", "ver mis pedidos", "my orders", "where is my order"),
    "english": ("english",),
    "spanish": ("español",),
    "order": ("quiero un pan", "hola, una torta para cuatro personas"),
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> plain.ReadText:
    words = tmp_path_factory.mktemp("bakery") / "words.toml"
    words.write_text(WORDS, encoding="utf-8")
    return plain.reader(words)


@pytest.mark.parametrize("intent", SAYS)
def test_words_that_mean_the_same_everywhere_need_no_list_of_the_desk(read: plain.ReadText, intent: str) -> None:
    assert {text: read(text, Expectation(desk="bakery")).intent for text in SAYS[intent]} == dict.fromkeys(
        SAYS[intent], intent
    )


def test_such_a_word_is_no_answer_to_a_question_in_which_more_is_said(read: plain.ReadText) -> None:
    asked = Expectation("slot", "loaf", desk="bakery")
    assert read("persona", asked).intent == "person"
    reading = read("una torta para la persona de la esquina", asked)
    assert (reading.intent, reading.guesses["loaf"].value) == ("", "una torta para la persona de la esquina")

"""The first sentence: its language is spoken, and an IT desk that wants it so helps in its first answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.engine.rules import tongues
from core.turn import Turn
from tests.unit.talk import DESK, IT_DESK, Talk

ASKING = replace(IT_DESK, settings={**IT_DESK.settings, "consent": "ask"})


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hi, my fridge is not cooling", "en"), ("hello", "en"), ("good morning", "en"), ("hola", "es"), ("ok", ""), ("no", ""),
        ("mi refri no enfria", "es"), ("bro el cooler de la store no jala", "es"), ("oi, bom dia", "pt"), ("4045101", ""),
        ("minha geladeira não está gelando", "pt"), ("obrigado", "pt"), ("Quiero reportar", ""), ("", ""), ("👍", ""),
    ],
)  # fmt: skip
def test_a_language_is_told_by_words_that_no_other_has(text: str, language: str) -> None:
    assert tongues.language_of(text) == language


def test_a_later_word_of_another_language_changes_nothing() -> None:
    talk = Talk()
    talk.say("mi refri no enfría")
    assert talk.say("hello my friend").after.language == "es"


def test_an_english_desk_speaks_spanish_as_the_desk_writes_it() -> None:
    assert Talk(desk=replace(DESK, language="en")).say("hola buenas tardes").after.language == "es"


def test_help_comes_in_the_first_answer_with_one_line_of_notice() -> None:
    talk = Talk("es-AR", desk=IT_DESK)
    turn = talk.say("no imprime la impresora")
    assert "1️⃣" in said(turn) and said(turn).count("🔒") == 1 and talk.where == "diagnosis.trying"
    assert "🔒" not in said(talk.say("sigue igual"))


def test_whoever_declines_is_forgotten_and_told_so_anew() -> None:
    talk = Talk("es-AR", desk=IT_DESK)
    talk.say("no imprime la impresora")
    turn = talk.say("no acepto")
    assert "no guardo nada" in said(turn) and "visitor" not in turn.after.notes and turn.after.slots == {}
    assert "🔒" in said(talk.say("hola"))


def test_where_it_is_asked_the_notice_is_asked_before_help() -> None:
    assert "¿Aceptás?" in said(Talk("es-AR", desk=ASKING).say("no imprime la impresora"))

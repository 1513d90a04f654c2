"""The first sentence: its language is spoken, and an IT desk that wants it so helps in its first answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.engine.rules import tongues
from bot.script.notes import PERSON_WANTED, TONGUE
from core.session import Desk
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


def test_a_greeting_alone_settles_no_language() -> None:
    talk = Talk(desk=IT_DESK)
    assert talk.say("hola").after.language == "es"
    assert talk.say("my laptop does not charge").after.language == "en"
    assert talk.say("hola, mi compu no prende").after.language == "en"


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


@pytest.mark.parametrize("desk", [DESK, IT_DESK], ids=lambda desk: str(desk.id))
@pytest.mark.parametrize("hello", ["oi, bom dia", "oi, preciso de ajuda", "boa tarde"])
def test_a_greeting_in_portuguese_is_told_in_portuguese_what_there_is(desk: Desk, hello: str) -> None:
    turn = Talk(desk=desk).say(hello)
    assert desk.name in said(turn) and "Entendo um pouco de português" in said(turn)
    assert PERSON_WANTED not in turn.after.notes and "¿" not in said(turn)


def test_a_problem_told_in_portuguese_is_helped_with_and_that_is_said_once() -> None:
    talk = Talk("es-AR", desk=IT_DESK)
    first = said(talk.say("minha impressora não imprime"))
    assert first.startswith("Oi! 👋") and "respondo em espanhol" in first and "1️⃣" in first
    second = said(talk.say("ainda não imprime"))
    assert "2️⃣" in second and "português" not in second
    assert "🎉" in said(talk.say("agora imprime, obrigado!"))


@pytest.mark.parametrize("desk", [DESK, IT_DESK], ids=lambda desk: str(desk.id))
@pytest.mark.parametrize("told", ["quero falar com uma pessoa", "o gato subiu no telhado e não desceu ainda"])
def test_who_is_not_understood_in_portuguese_or_wants_a_person_is_passed_on_once(desk: Desk, told: str) -> None:
    talk = Talk(desk=desk)
    turn = talk.say(told)
    assert "Já chamei uma pessoa" in said(turn) and PERSON_WANTED in turn.after.notes
    assert "De nada" in said(talk.say("obrigado"))
    assert not [reply for reply in talk.say("não é nada").replies if reply.options]


def test_who_goes_on_in_spanish_is_foreign_no_more() -> None:
    talk = Talk("es-AR", desk=IT_DESK)
    talk.say("oi, bom dia")
    talk.say("hola, mi impresora no imprime")
    assert TONGUE not in talk.session.notes and "português" not in said(talk.turns[-1])


def test_the_first_text_decides_the_language_also_after_a_photo() -> None:
    talk = Talk("es-AR", desk=IT_DESK)
    talk.event("image", media_id="m1", mime_type="image/jpeg")
    assert talk.say("my laptop is very slow").after.language == "en"
    assert talk.say("hola, gracias").after.language == "en"

"""A desk of three languages: each is told by its first sentence, switched to by name, and served whole by what every desk says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import desks
from bot.engine.rules import tongues
from bot.nlu import aftercare, dangers
from bot.script import phrases
from core.messages import Event
from core.reading import Expectation
from core.turn import Turn
from tests.unit.talk import IT_DESK, Talk, rehearsed

DESK, _ = rehearsed(desks.folders()["hotel"])
EXPECTS = Expectation(language="pt", desk="hotel")


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("quero um quarto de 3 a 6 de janeiro", "pt"), ("vocês têm vaga para amanhã?", "pt"), ("boa noite, quanto é a diária?", "pt"),
        ("gostaria de fazer uma reserva", "pt"), ("i'd like to book a room", "en"), ("do you have any rooms for next weekend?", "en"),
        ("quisiera reservar una habitación", "es"), ("¿hay lugar para el finde?", "es"), ("reserva para 2", ""), ("checkout", ""),
    ],
)  # fmt: skip
def test_the_first_sentence_tells_the_language(text: str, language: str) -> None:
    assert tongues.language_of(text) == language


def test_who_begins_in_portuguese_is_served_in_it() -> None:
    talk = Talk("es-AR", desk=DESK)
    turn = talk.say("Oi, quero um quarto de 3 a 6 de abril")
    assert turn.after.language == "pt"
    assert phrases.phrase("pt", "hotel_stay", "ask_parties") in said(turn)
    assert talk.say("ajuda").after.language == "pt"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("português", "pt"),
        ("em português por favor", "pt"),
        ("english", "en"),
        ("español", "es-AR"),
        ("espanhol", "es-AR"),
    ],
)
def test_a_language_is_switched_to_by_its_name(text: str, language: str) -> None:
    talk = Talk("es-AR", desk=DESK)
    talk.say("hola")
    turn = talk.say(text)
    assert turn.after.language == language
    assert phrases.phrase(language, "common", "language_switched") in said(turn)


def test_a_desk_without_portuguese_goes_on_helping_in_its_own() -> None:
    talk = Talk("es-AR", desk=IT_DESK)
    turn = talk.say("oi, minha impressora não imprime")
    assert turn.after.language == "es-AR"
    assert "português" in said(turn)
    assert Talk("es-AR", desk=IT_DESK).say("português").after.language == "es-AR"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("oi", "greeting"), ("bom dia", "greeting"), ("obrigada!", "thanks"), ("muito obrigado", "thanks"), ("tchau", "farewell"),
        ("sim", "yes"), ("pode ser", "yes"), ("com certeza", "yes"), ("beleza", "yes"), ("não", "no"), ("não, obrigado", "no"), ("agora não", "no"),
        ("menu", "menu"), ("opções", "menu"), ("voltar", "back"), ("cancelar", "cancel"), ("deixa pra lá", "cancel"), ("ajuda", "help"),
        ("pessoa", "person"), ("quero falar com um atendente", "person"), ("começar de novo", "restart"), ("meus chamados", "consult_tickets"),
        ("parar", "stop"), ("descadastrar", "stop"), ("não quero mais receber mensagens", "stop"), ("ativar", "start"),
    ],
)  # fmt: skip
def test_everyday_words_are_understood_in_portuguese(text: str, intent: str) -> None:
    assert desks.read(Event("e", "text", text=text), EXPECTS).intent == intent


@pytest.mark.parametrize(
    ("text", "mark"),
    [("péssimo", 1), ("ruim", 2), ("mais ou menos", 3), ("bom", 4), ("muito bom", 5), ("ótimo", 5), ("nota 4", 4)],
)
def test_marks_are_given_in_portuguese(text: str, mark: int) -> None:
    reading = desks.read(Event("e", "text", text=text), replace(EXPECTS, kind="rating"))
    assert reading.guesses["rating"].value == mark


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("quando vocês vêm?", "when"),
        ("já funcionou", "works"),
        ("esqueci de dizer", "adds"),
        ("valeu", "thanks"),
        ("já te mandei", "before"),
        ("não funciona mais", ""),
    ],
)
def test_what_is_said_of_an_open_case_is_understood_in_portuguese(text: str, meant: str) -> None:
    assert aftercare.meant(text) == meant


def test_danger_is_answered_in_portuguese() -> None:
    assert dangers.kind_and_language("tem fogo no quarto", "pt") == "fire/pt"
    assert "bombeiros" in said(Talk("pt", desk=DESK).say("tem fogo no quarto!"))


def test_no_sentence_in_portuguese_is_left_in_spanish() -> None:
    shared = (phrases.COMMON, *(flow.__name__.rpartition(".")[2] for flow in desks.DESKS["any"].flows))
    flows = (*shared, *(flow.__name__.rpartition(".")[2] for flow in desks.DESKS["hotel"].flows))
    spanish = {"el", "la", "los", "una", "usted", "necesitas", "escribe", "quieres", "hoy", "y", "tu", "puedes"}
    for flow in flows:
        for key, text in phrases.WRITTEN["pt", flow].items():
            assert not spanish & {*text.lower().replace("*", " ").split()}, (flow, key, text)


@pytest.mark.parametrize("desk", ["field", "it"])
@pytest.mark.parametrize("text", ["perolito", "parar", "outro", "nota"])
def test_desks_that_speak_no_portuguese_hear_none_in_spanish_words(desk: str, text: str) -> None:
    reading = desks.read(Event("1", "text", text=text), Expectation(desk=desk))
    assert reading.intent not in ("yes", "no", "stop") and "rating" not in reading.guesses

"""How it was, in three languages: whole words, turned round by a negative, and never guessed where both was said."""

from __future__ import annotations

import pytest

from bot.nlu import opinions, rules
from bot.nlu.rules import ReadText
from core.messages import Event
from core.reading import Expectation, Guess, Reading

OPINED = frozenset(rules.OPINIONS.values())

GOOD = """bueno | Buenísimo todo! | sí | claro que sí | me gustó mucho | la pasamos re bien | Excelente atención, gracias | nada mal
no estuvo mal | todo perfecto, volveremos | sin problemas | no hubo ningún problema | un 10 | ⭐⭐⭐⭐⭐ | 👍 | bien, gracias | todo bien
great stay | Loved it! | not bad at all | no complaints | Yes | it wasn't bad | we had a lovely time | all good | I would recommend it
foi ótimo | adoramos! | sim | tudo certo | nada a reclamar | gostei muito | muito bom | não foi ruim | bom, obrigado"""
BAD = """no | malo | muy mala atención | no me gustó | horrible | no fue muy bueno | no estuvo bien | la ducha no funcionaba | no pudimos dormir del ruido
tengo una queja | dejó mucho que desear | más o menos | bueno, la habitación estaba sucia | lindo lugar pero pésimo servicio | ⭐ | 👎 | no del todo bien
nunca vi algo tan sucio | Terrible | not good | it was not very clean | dirty room | I didn't like it | could have been better | never again
the shower was broken | not really | ruim | não gostei | não foi bom | muito barulho | poderia ser melhor | não funcionava nada | péssimo | não muito bem"""
STOP = """no más | basta | no quiero | déjame | no molesten | no me escriban más | dejen de molestar | no quiero opinar | no, gracias
stop asking | leave me alone | no thanks | don't message me again | não quero responder | parem de mandar mensagens | chega | não me incomodem"""
NEITHER = """casi | casi perfecto | hola | ¿a qué hora abren? | lindo pero caluroso | todo bien aunque faltaba agua | ⭐⭐⭐ | ... | nosotros | bonito
quiero reservar de nuevo | silencio | cas | sin | almost perfect | nice but small | the bus station | quase | noviembre | conocer | simple"""


def lines(written: str) -> list[str]:
    return [text.strip() for line in written.splitlines() for text in line.split(" | ")]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *((text, "good") for text in lines(GOOD)),
        *((text, "bad") for text in lines(BAD)),
        *((text, "stop") for text in lines(STOP)),
        *((text, "") for text in lines(NEITHER)),
    ],
)
def test_an_opinion_is_read(text: str, meant: str) -> None:
    assert opinions.read(text) == meant


def read_by_a_desk(intent: str) -> ReadText:
    return lambda text, expects: Reading(intent, 0.9, {"room": Guess("suite", 90, "rules")})


ASKED = Expectation("opinion", "comment")


@pytest.mark.parametrize(
    ("text", "by_the_desk", "intent"),
    [
        ("sí, todo excelente", "yes", "pleased"),
        ("el aire no funcionaba", "report", "displeased"),
        ("excelente, quiero otra para enero", "order", "order"),
        ("fue horrible, quiero hablar con alguien", "person", "person"),
        ("baja", "stop", "stop"),
        ("basta", "cancel", "no_more"),
        ("¿a qué hora abren?", "hours", "hours"),
    ],
)
def test_blame_outweighs_what_else_a_desk_would_hear_and_praise_does_not(
    text: str, by_the_desk: str, intent: str
) -> None:
    reading = rules.read(Event("e", "text", text=text), ASKED, read_by_a_desk(by_the_desk))
    assert reading.intent == intent
    assert reading.guesses.get("comment") == (Guess(text, 90, "asked") if intent in OPINED else None)


def test_danger_is_heard_in_the_midst_of_an_opinion() -> None:
    reading = rules.read(Event("e", "text", text="horrible, hay fuego en el pasillo"), ASKED, read_by_a_desk(""))
    assert reading.intent == "displeased" and "danger" in reading.guesses


def test_two_thousand_words_are_read_at_once() -> None:
    assert opinions.read("no muy " * 5_000) == ""

"""Words around a letter, in the languages that desks speak: how it begins and ends, and how to answer by a number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

GREETING: Mapping[str, str] = {"es": "Hola, {name}:", "en": "Hello {name},", "pt": "Olá, {name},"}
GREETING_TO_NOBODY: Mapping[str, str] = {"es": "Hola:", "en": "Hello,", "pt": "Olá,"}
FAREWELL: Mapping[str, str] = {"es": "Saludos,", "en": "Kind regards,", "pt": "Atenciosamente,"}
BY_NUMBER: Mapping[str, str] = {
    "es": "Para elegir, basta con responder a este correo con {numbers}.",
    "en": "To choose, just reply to this e-mail with {numbers}.",
    "pt": "Para escolher, basta responder a este e-mail com {numbers}.",
}
OR: Mapping[str, str] = {"es": "o", "en": "or", "pt": "ou"}
_GREETS = re.compile(
    r"[¡\W]*(?:hola|buen[oa]s?\b|hello|hi\b|good (?:morning|afternoon|evening)|olá|oi\b|bo[am] )", re.I
)


def language_of(language: str) -> str:
    """The language whose words are taken, of one with a region such as es-AR."""
    short = language.partition("-")[0]
    return short if short in GREETING else "es"


def greets(text: str) -> bool:
    """Whether the text begins with a greeting by itself."""
    return bool(_GREETS.match(text))


def numbers(language: str, told: Sequence[int]) -> str:
    """“1, 2 o 3”."""
    listed = [str(number) for number in told]
    return f"{', '.join(listed[:-1])} {OR[language]} {listed[-1]}" if len(listed) > 1 else "".join(listed)

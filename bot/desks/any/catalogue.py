"""Catalogues that every desk has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.script.catalogue.cells import matching, words
from bot.script.catalogue.kind import Column
from bot.script.facts import Listed

CATALOGUE: Final[Mapping[str, tuple[Column, ...]]] = {
    "survey_questions": (
        Column("number", matching(r"[1-6]", "1 to 6"), "the question whose place it takes", key=True),
        Column("text", words(500), "as customers read it"),
        Column("short", words(60), "for charts and lists"),
    ),
}

SURVEY_QUESTION = Listed("survey_questions", lambda line: line["text"])

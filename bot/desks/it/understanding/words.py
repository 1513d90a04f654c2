"""The vocabulary of the IT help desk: courtesies, its own words, and everything that the knowledge is said in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Final

from bot.desks.it import knowledge
from bot.nlu.lexicon import Lexicon, everyday, expand, listed, tagged
from bot.nlu.message import Vocabulary
from bot.nlu.spelling import Speller

STRONG, WEAK = 5, 1
FIRST = 3
"""The first words of a device weigh more than the others."""
Phrases = Iterator[tuple[str, str]]


def device_tag(device: str, weight: int) -> str:
    return f"dev:{device}:{weight}"


def symptom_tag(symptom: str) -> str:
    return f"sym:{symptom}"


def guide_tag(guide: str) -> str:
    return f"guide:{guide}"


def _devices() -> Phrases:
    for device in knowledge.DEVICES.values():
        for place, pattern in enumerate(device.words):
            yield device_tag(device.id, STRONG if place < FIRST else WEAK), pattern
    for group in knowledge.GROUPS.values():
        for pattern in group.words:
            yield device_tag(group.id, STRONG), pattern


def _symptoms() -> Phrases:
    for symptom in knowledge.SYMPTOMS.values():
        for patterns in symptom.says.values():
            yield from ((symptom_tag(symptom.id), pattern) for pattern in patterns)


def _guides() -> Phrases:
    for guide in knowledge.GUIDES.values():
        yield from ((guide_tag(guide.id), pattern) for pattern in guide.words)


def _brands() -> dict[str, str]:
    return {
        word[0]: tag.removeprefix("brand:")
        for tag, patterns in listed(__package__, "words").items()
        if tag.startswith("brand:")
        for pattern in patterns
        for word in expand(pattern)
    }


BRANDS: Final = _brands()
"""Makers by the word that names them."""
NOT_NAMES: Final = frozenset(
    tomllib.loads((resources.files(__package__) / "not_names.toml").read_text("utf-8"))["words"].split()
)
"""Words that are no person's name here."""


def _load() -> Vocabulary:
    lexicon = Lexicon(
        phrase
        for part in (everyday(), tagged(__package__, "words", "pt"), _devices(), _symptoms(), _guides())
        for phrase in part
    )
    slips = tomllib.loads((resources.files("bot.desks.it.knowledge") / "typos.toml").read_text("utf-8"))
    phrases = {tuple(wrong.split()): tuple(right.split()) for wrong, right in slips["phrases"].items()}
    return Vocabulary(lexicon, Speller(lexicon, slips["words"]), phrases)


IT: Final = _load()

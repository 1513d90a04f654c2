"""Phrases about a case that is open already: asking when somebody comes, saying that it works again, adding. Data, a file a language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Final

from bot.nlu.fold import clean, plain, short, words_in
from bot.nlu.lexicon import Lexicon

LANGUAGES: Final = ("es", "en", "pt")
KINDS: Final = ("when", "works", "thanks", "before", "first", "previous", "adds")
"""The first that is said counts."""
NOTHING: Final = "nothing"


def meant(text: str) -> str:
    """The meaning of a text about the case; "" for none of these."""
    said = {tag for hit in _LEXICON.scan(words_in(short(plain(clean(text))))) for tag in hit.tags}
    return next((kind for kind in KINDS if kind in said), "")


def _phrases() -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        listed = tomllib.loads(resources.files("bot.nlu").joinpath(f"aftercare/{language}.toml").read_text("utf-8"))
        yield from ((kind, pattern) for kind in (*KINDS, NOTHING) for pattern in listed[kind])


_LEXICON: Final = Lexicon(_phrases())

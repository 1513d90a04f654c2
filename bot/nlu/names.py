"""Person names: one to three words of two to twenty letters, none of them listed as no name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container
from importlib import resources
from typing import Final

from bot.nlu.fold import clean, plain

MOST_WORDS = 3
_LISTS = tomllib.loads((resources.files("bot.nlu") / "words/names.toml").read_text("utf-8"))
_NO_NAMES: Final = frozenset(word for listed in _LISTS.values() for word in plain(listed).split())
_OPENING = re.compile(
    r"^(?:(?:hola|buenas|hi|hello)[\s,!.]+)?"
    r"(?:(?:yo\s+)?me\s+(?:llamo|dicen)|mi\s+nombre\s+es|(?:yo\s+)?soy|my\s+name\s+is|i'?\s?a?m|call\s+me)\s+",
)
_ENDS = re.compile(r"[,.;:!?\n(]|\s(?:y|e|and|pero|but|porque|tengo|necesito|no|con|de)\s")
_STOPS = re.compile(r"[,.;:!\n]")
_NAME = re.compile(r"(?:[^\W\d_]['’])?[^\W\d_]{2,20}(?:['’][^\W\d_]{2,20})?")


def read(text: str, besides: Container[str] = ()) -> str:
    """The name in the answer to “what is your name?”; "" when it holds none. `besides` are a desk's words that are none."""
    visible = clean(text)
    opening = _OPENING.match(plain(visible))
    rest = visible[opening.end() :] if opening else visible
    if opening:
        end = _ENDS.search(rest)
        rest = rest[: end.start()] if end else rest
    words = rest.strip(" .,!?¡¿\"'").split()
    return " ".join(map(_capital, words)) if _is_name(words, besides) else ""


def before(text: str, besides: Container[str] = ()) -> str:
    """The name that stands before something else: “Marta, y no me funciona”."""
    head = _STOPS.split(text, maxsplit=1)
    return read(head[0], besides) if len(head) > 1 else ""


def introduced(text: str, besides: Container[str] = ()) -> str:
    """A name that was said without being asked: only after “my name is”."""
    return read(text, besides) if _OPENING.match(plain(clean(text))) and " soy " not in f" {plain(text)} " else ""


def _is_name(words: list[str], besides: Container[str]) -> bool:
    return 1 <= len(words) <= MOST_WORDS and all(
        _NAME.fullmatch(word)
        and plain(word) not in _NO_NAMES
        and plain(word) not in besides
        and len(set(plain(word))) > 1
        for word in words
    )


def _capital(word: str) -> str:
    return word[0].upper() + word[1:] if word.islower() else word.capitalize() if word.isupper() else word

"""Person names: one to three words of two to twenty letters, none of them listed as no name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container
from functools import lru_cache
from importlib import resources
from typing import Final

from bot.nlu.fold import clean, plain

MOST_WORDS = 3
_LISTS = tomllib.loads((resources.files("bot.nlu") / "words/names.toml").read_text("utf-8"))
_NO_NAMES: Final = frozenset(
    word for name, listed in _LISTS.items() if name != "business" for word in plain(listed).split()
)
_BUSINESS: Final = frozenset(_LISTS["business"].split())
_TITLES: Final = frozenset("don dona sr sra srta mr mrs ms dr dra lic ing prof".split())
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


@lru_cache(maxsize=4096)
def of_profile(written: str) -> str:
    """The first name in a profile's name; "" where the profile is called like a shop, a number, an emoji or an insult."""
    words = [word for word in clean(written).split() if any(character.isalpha() for character in word)]
    words = [word.strip(" .,!?¡¿()~*_-|") for word in words]
    told = [word for word in words if plain(word) not in _TITLES]
    if not told or any(plain(word) in _BUSINESS or plain(word) in _NO_NAMES for word in told):
        return ""
    return _capital(told[0]) if _is_name(told[:1], ()) and not any(c.isdigit() for c in written) else ""


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

"""Words as people type them → words we know: slips of the finger, sounds, and words run together.

A real word is never turned into a known one: what is listed in `words/real.txt`
stays as it is, and a correction must begin with the same sound and be very near.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from importlib import resources
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.nlu.fold import short
from bot.nlu.lexicon import LEXICON

SHORTEST = 5
"""A shorter word is one slip away from too many others."""

LONG = 8
"""From here on two slips are forgiven."""

LONGEST = 40
"""What is longer than any word, even three of them run together, is not looked at."""

_SOUNDS: Final = (
    (re.compile(r"(?<!c)h"), ""),
    (re.compile("v"), "b"),
    (re.compile("z"), "s"),
    (re.compile(r"c(?=[ei])"), "s"),
    (re.compile("ll"), "y"),
    (re.compile(r"qu(?=[ei])"), "k"),
    (re.compile(r"c(?![h])"), "k"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"([^\W\d_])\1"), r"\1"),
)
_REAL: Final = frozenset(resources.files("bot.nlu").joinpath("words/real.txt").read_text("utf-8").split())
_GLUE: Final = frozenset(
    "mi mis el la los las un una de del con que no se me le es esta tengo hola ya su en y quiero hay ese ese por para "
    "my the is not".split()
)


def sound(word: str) -> str:
    """How a word sounds to one who writes by ear."""
    for pattern, spelling in _SOUNDS:
        word = pattern.sub(spelling, word)
    return word


def _by_sound() -> dict[str, str]:
    return {sound(word): word for word in sorted(LEXICON.words, reverse=True) if len(word) >= SHORTEST - 1}


def _by_start() -> dict[str, list[str]]:
    starts: dict[str, list[str]] = defaultdict(list)
    for word in sorted(LEXICON.words):
        if len(word) >= SHORTEST:
            starts[sound(word)[0]].append(word)
    return dict(starts)


_SOUNDING: Final = _by_sound()
_STARTING: Final = _by_start()


@lru_cache(maxsize=20_000)
def known(word: str) -> str:
    """The known word that was meant, or the word itself."""
    if word in LEXICON.words or len(word) > LONGEST or not word.isalpha():
        return word
    held = short(word)
    if held in LEXICON.words or held in _REAL:
        return held
    once = re.sub(r"([^\W\d_])\1", r"\1", held)
    if once in LEXICON.words:
        return once
    return _sounding(held) or _near(held) or held


def _sounding(word: str) -> str | None:
    return _SOUNDING.get(sound(word)) if len(word) >= SHORTEST - 1 else None


def _near(word: str) -> str | None:
    if len(word) < SHORTEST:
        return None
    slips = 2 if len(word) >= LONG else 1
    heard = sound(word)
    found = process.extractOne(word, _STARTING.get(heard[:1], ()), scorer=OSA.distance, score_cutoff=slips)
    return found[0] if found else None


@lru_cache(maxsize=20_000)
def apart(word: str) -> tuple[str, ...]:
    """“tengounproblema” → its words, when all of them are known; otherwise nothing."""
    if not 7 <= len(word) <= LONGEST or word in LEXICON.words or word in _REAL or not word.isalpha():
        return ()
    return _split(word) or ()


@lru_cache(maxsize=20_000)
def _split(rest: str) -> tuple[str, ...] | None:
    """The fewest known words that make up the rest; None when there is no such way."""
    if not rest:
        return ()
    ways = []
    for size in range(len(rest), 0, -1):
        head = rest[:size]
        if head in _GLUE or (size > 3 and head in LEXICON.words):
            tail = _split(rest[size:])
            if tail is not None:
                ways.append((head, *tail))
    return min(ways, key=len, default=None)

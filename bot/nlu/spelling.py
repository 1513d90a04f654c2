"""Spelling correction: typing errors, phonetic spelling, and words run together.

A real word is never turned into a known one: what is listed in `words/real.txt`
stays as it is, and a correction must begin with the same sound and be very near.
A slip that a vocabulary lists goes before all that.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.nlu.fold import short
from bot.nlu.lexicon import Lexicon

SHORTEST = 5
"""A shorter word is one slip away from too many others."""

LONG = 8
"""From here on two slips are forgiven."""

LONGEST = 40
"""A text longer than any three words run together is passed over."""

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


KEPT = 20_000


class Speller:
    """Mends words towards those of one lexicon."""

    def __init__(self, lexicon: Lexicon, slips: Mapping[str, str] | None = None):
        self._words, self._slips = lexicon.words, slips or {}
        self._sounding = _by_sound(lexicon)
        self._starting = _by_start(lexicon)
        self.known = lru_cache(maxsize=KEPT)(self._known)
        """The known word that was meant, or the word itself."""
        self.apart = lru_cache(maxsize=KEPT)(self._apart)
        """“tengounproblema” → its words, when all of them are known; otherwise nothing."""
        self._split = lru_cache(maxsize=KEPT)(self._fewest)

    def _known(self, word: str) -> str:
        if word in self._slips:
            return self._slips[word]
        if word in self._words or len(word) > LONGEST or not word.isalpha():
            return word
        held = short(word)
        if held in self._words or held in _REAL:
            return held
        once = re.sub(r"([^\W\d_])\1", r"\1", held)
        if once in self._words:
            return once
        return self._slips.get(held) or self._by_ear(held) or self._near(held) or held

    def _by_ear(self, word: str) -> str | None:
        return self._sounding.get(sound(word)) if len(word) >= SHORTEST - 1 else None

    def _near(self, word: str) -> str | None:
        if len(word) < SHORTEST:
            return None
        slips = 2 if len(word) >= LONG else 1
        heard = sound(word)
        found = process.extractOne(word, self._starting.get(heard[:1], ()), scorer=OSA.distance, score_cutoff=slips)
        return found[0] if found else None

    def _apart(self, word: str) -> tuple[str, ...]:
        if not 7 <= len(word) <= LONGEST or word in self._words or word in _REAL or not word.isalpha():
            return ()
        return self._split(word) or () if word not in self._slips else ()

    def _fewest(self, rest: str) -> tuple[str, ...] | None:
        """The fewest known words that make up the rest; None when there is no such way."""
        if not rest:
            return ()
        ways = []
        for size in range(len(rest), 0, -1):
            head = rest[:size]
            if head in _GLUE or (size > 3 and head in self._words):
                tail = self._split(rest[size:])
                if tail is not None:
                    ways.append((head, *tail))
        return min(ways, key=len, default=None)


def _by_sound(lexicon: Lexicon) -> dict[str, str]:
    return {sound(word): word for word in sorted(lexicon.words, reverse=True) if len(word) >= SHORTEST - 1}


def _by_start(lexicon: Lexicon) -> dict[str, list[str]]:
    starts: dict[str, list[str]] = defaultdict(list)
    for word in sorted(lexicon.words):
        if len(word) >= SHORTEST:
            starts[sound(word)[0]].append(word)
    return dict(starts)

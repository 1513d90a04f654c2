"""The words of dates, a file a language, and the language in which a text tells its dates.

A guest of a Spanish conversation may well write “from 3/4”, and mean another day by it: small words tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from bot.desks.hotel.understanding.marks import Mark, pieces, scanned
from bot.nlu.lexicon import Lexicon, listed

LANGUAGES: Final = ("es", "en", "pt")
MARKS: Final = "marks"


def marks(text: str, language: str) -> tuple[str, list[Mark]]:
    """The language in which the text tells dates, and its marks."""
    told = pieces(text)
    written = language_of(told, language)
    return written, _ranges(list(scanned(told, _lexicon(written))))


def language_of(told: Sequence[Mark], spoken: str) -> str:
    """The language of most small words; the one that is spoken already where they do not tell."""
    words = {piece.word for piece in told if piece.has("word")}
    scores = {language: len(words & _small(language)) for language in LANGUAGES}
    own = spoken.partition("-")[0]
    own = own if own in scores else LANGUAGES[0]
    best = max(scores.values())
    return own if scores[own] == best else next(each for each in LANGUAGES if scores[each] == best)


def _ranges(found: list[Mark]) -> list[Mark]:
    """“3-6 January” is a range; “3-1 al 6-1” are two days."""
    pairs = sum(mark.has("pair") for mark in found)
    spread: list[Mark] = []
    for at, mark in enumerate(found):
        if not mark.has("pair"):
            spread.append(mark)
        elif pairs == 1 and _by_month(found, at):
            first, last = (Mark(frozenset({"number"}), (number,)) for number in mark.numbers)
            spread += [first, Mark(frozenset({"dash"})), last]
        else:
            spread.append(replace(mark, tags=frozenset({"slashed" if pairs > 1 else "pair"})))
    return spread


def _by_month(found: Sequence[Mark], at: int) -> bool:
    after = [mark for mark in found[at + 1 : at + 3] if not mark.has("of")]
    before = found[at - 1 : at]
    return any(each.numbered("month") is not None for each in (*before, *after[:1]))


@cache
def _lexicon(language: str) -> Lexicon:
    tags = listed(__package__, language)
    return Lexicon((tag, pattern) for tag, patterns in tags.items() if tag != MARKS for pattern in patterns)


@cache
def _small(language: str) -> frozenset[str]:
    """Small words of the language, and the words of its days and months."""
    tags = listed(__package__, language)
    lines = [line for tag, patterns in tags.items() if tag == MARKS or ":" in tag for line in patterns]
    return frozenset(word.removesuffix("?") for line in lines for part in line.split() for word in part.split("|"))

"""A text as marks: its numbers and known words, one after the other, out of which dates and people are made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.nlu.fold import clean, plain
from bot.nlu.lexicon import Lexicon

MOST: Final = 120
"""Marks of a message that are looked at; a longer one is a story."""
OTHER: Final = frozenset({"other"})
NOISE: Final = "noise"
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])")
_PIECE = re.compile(
    r"(?P<iso>\b20\d\d[-/.]\d{1,2}[-/.]\d{1,2}\b)"
    r"|(?P<full>\b\d{1,2}([-/.])\d{1,2}\3(?:20)?\d\d\b)"
    r"|(?P<hour>\b\d{1,2}(?::\d\d(?: ?[hap]m?\b)?|[.:]?\d{0,2} ?(?:hs?|hrs|am|pm)\b|h\d\d\b))"
    r"|(?P<slashed>\b\d{1,2}/\d{1,2}\b)"
    r"|(?P<pair>\b\d{1,2}-\d{1,2}\b)"
    r"|(?P<amount>\b\d+[.,]\d+\b)"
    r"|(?P<ordinal>\b\d{1,2}(?:st|nd|rd|th|ro|er|do|to|o|°)(?!\w))"
    r"|(?P<number>\d+)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W_]+)*)"
    r"|(?P<dash>[-–—])|(?P<plus>[+&])|(?P<open>[(\[])|(?P<comma>,)|(?P<stop>[.;!?\n:])"
)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Mark:
    """One piece of a text: what it may be, and its numbers."""

    tags: frozenset[str]
    numbers: tuple[int, ...] = ()
    word: str = ""

    def has(self, *tags: str) -> bool:
        return not self.tags.isdisjoint(tags)

    def numbered(self, kind: str) -> int | None:
        """The number in a tag such as `month:3`."""
        return next((int(tag.partition(":")[2]) for tag in self.tags if tag.startswith(f"{kind}:")), None)

    @property
    def number(self) -> int | None:
        """The number that is written or said here; an article is none."""
        return self.numbers[0] if self.has("number", "ordinal") else self.numbered("number")

    @property
    def many(self) -> int | None:
        """A number of things: an article counts as one."""
        return 1 if self.has("one") else self.number


def pieces(text: str) -> list[Mark]:
    folded = _HYPHEN.sub(" ", plain(clean(text)))
    found = []
    for match in _PIECE.finditer(folded):
        kind = str(match.lastgroup)
        numbers = tuple(int(digits) for digits in _DIGITS.findall(match[0])) if kind != "word" else ()
        found.append(Mark(frozenset({kind}), numbers, match[0]))
        if len(found) == MOST:
            break
    return found


def scanned(pieces: Sequence[Mark], lexicon: Lexicon) -> Iterator[Mark]:
    """The pieces, with known phrases in place of their words."""
    hits = lexicon.scan([piece.word if piece.has("word") else "" for piece in pieces])
    at = 0
    for hit in hits:
        yield from map(_unknown, pieces[at : hit.first])
        if NOISE not in hit.tags:
            yield Mark(hit.tags, word=" ".join(piece.word for piece in pieces[hit.first : hit.last]))
        at = hit.last
    yield from map(_unknown, pieces[at:])


def _unknown(piece: Mark) -> Mark:
    return replace(piece, tags=OTHER) if piece.has("word") else piece

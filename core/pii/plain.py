"""Normalisation before detection: full-width characters become plain, invisible ones are removed.

People hide numbers from filters with both. Every character remembers where it stood, so that what is found here can be
masked there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_UNSEEN = frozenset({"Cf", "Mn", "Me"})
_ODD = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Plain:
    text: str
    at: range | list[int]
    """The position of each character in the original text."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch in the text as it was written."""
        return self.at[start], self.at[end - 1] + 1


def plain(text: str) -> Plain:
    if not _ODD.search(text):
        return Plain(text, range(len(text)))
    seen = [(_plain(char), place) for place, char in enumerate(text) if not _unseen(char)]
    return Plain("".join(char for char, _ in seen), [place for _, place in seen])


def _unseen(char: str) -> bool:
    return char > "\x7f" and unicodedata.category(char) in _UNSEEN


def _plain(char: str) -> str:
    """One character for one, so that places stay."""
    if char <= "\x7f":
        return char
    folded = unicodedata.normalize("NFKC", char).translate(_DASHES)
    if len(folded) != 1:
        return char
    if folded.isspace():
        return " "
    digit = unicodedata.digit(folded, -1)
    return str(digit) if digit >= 0 else folded

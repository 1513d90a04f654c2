"""Kinds of rooms: which are named in a text, and which of a house's own are meant by that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.desks.hotel.understanding.marks import pieces, scanned
from bot.nlu.lexicon import Lexicon, tagged

_LEXICON: Final = Lexicon(tagged(__package__, "rooms"))
KINDS: Final = tuple(dict.fromkeys(tag for tag, _ in tagged(__package__, "rooms")))
_LIKE: Final[Mapping[str, str]] = {
    "twin": "double", "matrimonial": "double", "junior": "suite", "master": "suite", "penthouse": "suite",
    "quadruple": "family", "executive": "premium", "superior": "premium", "deluxe": "premium",
}  # fmt: skip
"""What a house may call a kind for which it has no room of its own."""


def kinds(text: str) -> tuple[str, ...]:
    """The kinds that a text names, in its order."""
    found = [tag for mark in scanned(pieces(text), _LEXICON) for tag in sorted(mark.tags) if tag in KINDS]
    return tuple(dict.fromkeys(found))


def meant(said: Sequence[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """The codes of the house's rooms, given with their names, that answer to these kinds: all of them at once, else alike."""
    known = {code: frozenset(kinds(f"{name} {code.replace('_', ' ')}")) for code, name in names.items()}
    for wanted in ({*said}, {_LIKE.get(kind, kind) for kind in said}):
        fitting = tuple(code for code, own in known.items() if wanted and wanted <= own)
        if fitting:
            return fitting
    return ()

"""Booking numbers: made by the house book, and recognised in what guests write or read aloud.

`HTL-4KQ7MB` is ours. A system outside numbers its bookings by itself: digits, which are a booking's only where one is asked
for or named. Read aloud, a number is names of letters and words for digits: "hache te ele, cuatro, ka, cu, siete, eme, be".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Final

PREFIX: Final = "HTL"
DIGITS: Final = "23456789"
LETTERS: Final = f"ABCDEFGHJKLMNPQRSTUVWXYZ{DIGITS}"
"""No letter of these looks like a digit of these. The first is a digit: no word is taken for a number."""
LENGTH: Final = 6
EXAMPLE: Final = f"{PREFIX}-4KQ7MB"
MOST_WORDS: Final = 40
"""A longer text reads no number aloud."""

_WRITTEN: Final = re.compile(rf"\bhtl[\s_-]{{0,3}}([a-z0-9]{{{LENGTH}}})\b")
_BARE: Final = re.compile(rf"[2-9][a-hj-np-z2-9]{{{LENGTH - 1}}}")
_NAMED: Final = re.compile(
    r"#\s?(\d{1,12})\b|(?:\bn[°º]|\b(?:nro|numero|number|reserva|reservation|booking)\b)[.:]?\s{0,3}(\d{3,12})\b"
)
"""Digits that are called a number; fewer than three may count people."""
_WORD: Final = re.compile(r"[a-z0-9]+")
_ALOUD: Final = {
    character: names.split()
    for character, names in {
        "b": "be bee", "c": "ce cee", "d": "de dee", "f": "efe eff", "g": "ge gee", "h": "hache aga aitch",
        "j": "jota jay", "k": "ka ca kay", "l": "ele ell", "m": "eme em", "n": "ene en", "p": "pe pee",
        "q": "cu que cue queue", "r": "erre ere ar", "s": "ese esse ess", "t": "te tee", "u": "you",
        "v": "ve uve vee", "w": "dablio dobleve dobleu uvedoble doubleu", "x": "equis xis ex",
        "y": "ye igriega ipsilon why", "z": "zeta ze zee zed", "2": "dos two dois", "3": "tres three",
        "4": "cuatro four quatro", "5": "cinco five", "6": "seis six meia", "7": "siete seven sete",
        "8": "ocho eight oito", "9": "nueve nine nove", "0": "cero zero", "1": "uno one um",
    }.items()
}  # fmt: skip
_CALLED: Final = {name: character for character, names in _ALOUD.items() for name in names}
_IN_TWO: Final = (("doble ve", "dobleve"), ("doble u", "dobleu"), ("uve doble", "uvedoble"), ("double u", "doubleu"),
                  ("i griega", "igriega"))  # fmt: skip
_BETWEEN: Final = frozenset({"guion", "menos", "dash", "hyphen", "hifen", "traco", "tracinho", "espacio", "y", "and"})


def made(key: str) -> str:
    """A number that can be told over the telephone: the same for the same key."""
    digest = blake2b(key.encode(), digest_size=LENGTH).digest()
    first, *others = digest
    return f"{PREFIX}-{DIGITS[first % len(DIGITS)]}" + "".join(LETTERS[byte % len(LETTERS)] for byte in others)


def read(written: object) -> str | None:
    """The number that a whole text is, with or without its prefix; None when it is none."""
    text = written.strip().lower().lstrip("#") if isinstance(written, str) else ""
    if found := _WRITTEN.fullmatch(text):
        return f"{PREFIX}-{found[1].upper()}"
    if _BARE.fullmatch(text):
        return f"{PREFIX}-{text.upper()}"
    return text if text.isascii() and text.isdigit() and len(text) <= 12 else None


def find(folded: str, *, asked: bool = False) -> str:
    """The booking's number in a text (in small letters, without accents); "" for none.

    Where one was asked for, it may come without its prefix, and digits alone are one.
    """
    if found := _WRITTEN.search(folded):
        return f"{PREFIX}-{found[1].upper()}"
    if found := _NAMED.search(folded):
        return found[1] or found[2]
    return _aloud(folded, asked=asked) or (_bare(folded) if asked else "")


def _bare(folded: str) -> str:
    words = _WORD.findall(folded)[:MOST_WORDS]
    told = [word for word in words if _BARE.fullmatch(word)]
    digits = [word for word in words if word.isdigit() and len(word) <= 12]
    return f"{PREFIX}-{told[0].upper()}" if told else digits[0] if digits else ""


def _aloud(folded: str, *, asked: bool) -> str:
    """A number that was read aloud: after its prefix, or one that was asked for, and is all that was said in a row."""
    words = _WORD.findall(_joined(folded))
    if len(words) > MOST_WORDS:
        return ""
    for run in _runs(words):
        before, prefix, rest = run.partition(PREFIX.lower())
        if prefix and len(rest) == LENGTH:
            return f"{PREFIX}-{rest.upper()}"
        if asked and not prefix and _BARE.fullmatch(before):
            return f"{PREFIX}-{before.upper()}"
    return ""


def _joined(folded: str) -> str:
    for two, one in _IN_TWO:
        folded = folded.replace(two, one)
    return folded


def _runs(words: Sequence[str]) -> Iterator[str]:
    """Characters that were said one after the other."""
    run = ""
    for word in words:
        said = _said(word)
        if said:
            run += said
        elif word not in _BETWEEN or not run:
            yield run
            run = ""
    yield run


def _said(word: str) -> str:
    """The characters of a word that spells: a letter's name, a digit's word, or characters as they are."""
    if word in _CALLED:
        return _CALLED[word]
    spells = len(word) == 1 or word == PREFIX.lower() or any(character.isdigit() for character in word)
    return word if spells and word not in _BETWEEN else ""

"""Texts that make a careless reader go back over what it read: anybody can write them, and none may take long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product, zip_longest

from bot.nlu.fold import READ_CHARS

TYPED, RAW = 4_096, 60_000
"""The longest text WhatsApp takes, and one that comes from nowhere but an attacker."""

CHARACTERS = (
    *"aA1_.,;:!?-+/'’\"()[]{}<>@#$%&*=|\\^~` \n\t\r",
    *"ñÁß١２ ‐…「中한क👍⭐🙏🏽",
    "\u0301",  # a combining accent
    "\u200b",  # what cannot be seen
    "\x00",
    "\ud800",  # half a character
    "\ufb2d",  # three characters under NFC
    "\U0001d160",  # the same
    "e\u0301",
    "a\u0301\u0323",
)
PAIRS = ("a1", "1a", "a.", "1.", "1 ", "1-", "a@", "@.", "a-", "[a", "no es ", "1, no ", "+1", "0f", " y", ".\n", "a' ")
TAILS = ("", "!", "x", "9", "\n")
"""What makes a pattern fail after it has read everything before."""
GLUE = ("mi", "mis", "de", "no", "que", "tengo")


def texts() -> Iterator[str]:
    """Every kind of character and every small pattern, again and again, with something else at the end of what is read.
    What stands behind that is only cut off, whatever it is."""
    for part, tail in product((*CHARACTERS, *PAIRS), TAILS):
        yield filled(part, READ_CHARS - len(tail)) + tail
    yield from (filled(part, most) for part in (*CHARACTERS, *PAIRS) for most in (TYPED, RAW))
    yield from (fresh(length) for length in (3, 7, 12, 39, 40, 41))
    yield from (glued(most) for most in (20, 40))


def repeated(words: Iterable[str]) -> Iterator[str]:
    """Every word a desk knows, as often as fits, by turns with another."""
    pairs = zip_longest(*[iter(words)] * 2, fillvalue="de")
    return (filled(f"{one} {other} ", TYPED) for one, other in pairs)


def filled(part: str, most: int) -> str:
    return (part * (most // len(part) + 1))[:most]


def fresh(length: int) -> str:
    """Words that nobody has seen before, no two alike."""
    return " ".join(_letters(number * 7_919 + length, length) for number in range(TYPED // (length + 1)))


def glued(length: int) -> str:
    """Small words run together in as many ways as there are."""
    ways = (filled("".join(parts), length) for parts in product(GLUE, repeat=3))
    return " ".join(ways)[:TYPED]


def _letters(number: int, length: int) -> str:
    return "".join(chr(ord("a") + (number // 26**place + place * number) % 26) for place in range(length))

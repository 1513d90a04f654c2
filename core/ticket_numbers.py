"""Ticket numbers: generated, recognised in text, and completed when the prefix is missing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Family:
    """`example` shows the form: a prefix, the day where it has one, and what tells the tickets of a day apart."""

    prefix: str
    example: str
    tail: str
    """The pattern of the last part: one character class and its length."""
    dated: bool = True

    @property
    def pattern(self) -> str:
        """How its numbers are written by people, in small letters: its parts are the groups."""
        day = r"(\d{8})[\s_-]?" if self.dated else ""
        return rf"({self.prefix.lower()})[\s_-]{{0,2}}{day}({self.tail})"

    def number(self, digest: str, day: date) -> str:
        """The number of a ticket: the same for the same digest (eight hexadecimal characters, in capitals)."""
        last = digest[: len(self.example) - self.example.rindex("-") - 1]
        if self.tail.startswith(r"\d"):
            last = f"{int(digest, 16) % 10 ** len(last):0{len(last)}}"
        return "-".join([self.prefix, *([f"{day:%Y%m%d}"] if self.dated else []), last])


FAMILIES: Final = {
    family.prefix: family
    for family in (
        Family("TKT", "TKT-1A2B3C4D", "[0-9a-f]{8}", dated=False),
        Family("TCK", "TCK-20260131-1A2B3C", "[0-9a-f]{6}"),
        Family("STI", "STI-20260131-0042", r"\d{4}"),
    )
}
USUAL: Final = FAMILIES["TKT"]
"""The family of those who name none; its prefix may be left out."""
LONGEST: Final = max((family.example for family in FAMILIES.values()), key=len)
_SPOKEN: Final = re.compile(rf"\b(?:{'|'.join(family.pattern for family in FAMILIES.values())})\b")
TRIED: Final = re.compile(rf"\b(?:{'|'.join(prefix.lower() for prefix in FAMILIES)})[\s_-]{{0,2}}[a-z]*+\d[0-9a-z-]*+")
"""A text that looks like a ticket number and is none."""
BARE: Final = re.compile(r"\b(?=[a-f]*\d)[0-9a-f]{8}\b")
"""A number of the usual family without its prefix, where a ticket's number was asked."""
BARE_ANYWHERE: Final = re.compile(r"\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8}\b")
"""The same in any text: digits alone may be anything there."""


def find(folded: str) -> tuple[str, range] | None:
    """The first number in a text (in small letters, without accents), and where it stands."""
    found = _SPOKEN.search(folded)
    return ("-".join(part for part in found.groups() if part).upper(), range(*found.span())) if found else None


def completed(bare: str) -> str:
    """The number that was told without its prefix."""
    return f"{USUAL.prefix}-{bare.upper()}"


def read(written: object) -> str | None:
    """The number that a whole text is, with or without the usual prefix; None when it is none."""
    text = written.strip().lower() if isinstance(written, str) else ""
    found = _SPOKEN.fullmatch(text)
    if found:
        return "-".join(part for part in found.groups() if part).upper()
    return completed(text) if BARE.fullmatch(text) else None

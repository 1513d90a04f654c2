"""Ratings from 1 to 5: a digit, a word or stars. Two different ones count as none."""

from __future__ import annotations

import re
from typing import Final

from bot.nlu.message import Message

_STARS = re.compile("[⭐🌟★]")
_OUT_OF_FIVE = re.compile(r"\b([1-5])\s?(?:/|de|out of|of)\s?5\b")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_NAMED: Final = {
    "uno": 1,
    "dos": 2,
    "tres": 3,
    "cuatro": 4,
    "cinco": 5,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
}
MOST_WORDS = 8
"""A longer answer tells a story; its marks may be about something else."""


def read(message: Message) -> int | None:
    stars = len(_STARS.findall(message.text))
    if stars:
        return stars if stars <= 5 and not message.tokens else None
    if len(message.words) > MOST_WORDS:
        return None
    marks = _digits(message) or _named(message) or _praised(message)
    return marks.pop() if len(marks) == 1 and marks <= {1, 2, 3, 4, 5} else None


def _digits(message: Message) -> set[int]:
    out_of_five = _OUT_OF_FIVE.search(message.plain)
    if out_of_five:
        return {int(out_of_five[1])}
    found = _NUMBER.findall(message.plain)
    return {int(n) if n.isdigit() and len(n) < 4 and n.isascii() else 0 for n in found} if len(found) < 2 else {0}


def _named(message: Message) -> set[int]:
    articles = {i for i, word in enumerate(message.words[:-1]) if word in ("one", "uno")}
    return {_NAMED[w] for i, w in enumerate(message.words) if w in _NAMED and i not in articles}


def _praised(message: Message) -> set[int]:
    tags = {tag for hit in message.hits for tag in hit.tags}
    return {int(tag[-1]) for tag in tags if tag.startswith("rating:")} if "shadow" not in tags else set()

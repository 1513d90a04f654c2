"""A long description summed up in a line: the faults that it names, in the customer's own words. The whole stays in the ticket."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from bot.desks.field.understanding.words import FIELD
from bot.nlu.message import Message

LONG: Final = 140
"""A shorter description is its own summary."""
MOST: Final = 110
"""So many letters are read at a glance."""
BEHIND: Final = 6
"""So many words after a fault still belong to it."""
AHEAD: Final = 8
"""So many words lead to a fault that is only one word."""
ITSELF: Final = frozenset({"fault", "fault:vehicle", "fault:refrigerator"})
_JOINS: Final = frozenset("y e pues pos porque entonces pero tambien and but so because also".split())
_ENDS: Final = _JOINS | {"es", "que", "como"}


@lru_cache(maxsize=512)
def of(text: str) -> str:
    """The text itself where it is short; else each fault with the words behind it, or else its beginning."""
    if len(text) <= LONG:
        return text
    message = Message.of(text, FIELD)
    told: list[str] = []
    for first, last in _faults(message):
        part = message.written(_begin(message, first, last), _end(message, last))
        if part.lower() not in " · ".join(told).lower() and len(" · ".join([*told, part])) <= MOST:
            told.append(part)
    return " · ".join(told) or f"{text[:MOST].rsplit(' ', 1)[0]}…"


def _faults(message: Message) -> Iterator[tuple[int, int]]:
    """The places of faults, where those beside each other are one."""
    first = last = -1
    for hit in message.hits:
        if not hit.tags & ITSELF:
            continue
        if hit.first != last and last > 0:
            yield first, last
        first, last = (first if hit.first == last else hit.first), hit.last
    if last > 0:
        yield first, last


def _begin(message: Message, first: int, last: int) -> int:
    """A fault of one word begins with what leads to it: “hace un ruidote bien feo como que truena”."""
    at = first
    while last - first < 2 and at > max(0, first - AHEAD) and message.tokens[at - 1].word not in _JOINS:
        if any(c in ",.;!?\n" for c in message.gap(at)):
            break
        at -= 1
    return at


def _end(message: Message, last: int) -> int:
    """The end of what belongs to a fault: a joining word, a stop, or a few words on."""
    at = last
    while at < min(len(message.tokens), last + BEHIND):
        if message.tokens[at].word in _ENDS or any(c in ",.;!?\n" for c in message.gap(at)):
            break
        at += 1
    return at

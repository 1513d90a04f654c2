"""Requests during a stay, as a text tells them: everything that is wanted, and the number of the room."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.desks.hotel.understanding.words import REQUEST, WANTED
from bot.nlu.message import Message

_ROOM: Final = re.compile(
    r"\b(?:hab|habitacion|cuarto|pieza|room|quarto|apartamento|depto|suite)\b\.? ?"
    r"(?:es |e |is )?(?:la |el |o |the )?(?:nro\.? ?|numero |number |no\.? ?|n[o°º]\.? ?|# ?)?(\d{1,4}[a-z]?)\b"
)
_NAMED: Final = re.compile(r"\b(?:la|el|in|en|do|da|no|to|para la)\s(\d{3,4}[a-z]?)\b")
_BARE: Final = re.compile(r"\b(\d{1,4}[a-z]?)\b")


def wanted(message: Message, together: Callable[[Message, str], bool]) -> list[str]:
    """Everything that is wanted, by its word."""
    tags = ((name, f"{REQUEST}{name}") for name in WANTED)
    return [name for name, tag in tags if message.has(tag) or together(message, tag)]


def room(plain: str, *, asked: bool) -> str:
    """The number of a room; "" when there is none. A bare number is one where it was asked for."""
    found = _ROOM.search(plain) or _NAMED.search(plain)
    if not found and asked:
        every = _BARE.findall(plain)
        return every[0].upper() if len(every) == 1 else ""
    return found[1].upper() if found else ""

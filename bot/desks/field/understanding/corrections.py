"""Corrections: “el código está mal, es 4045102” names the slot to change, and its new value."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from bot.nlu.lexicon import Hit
from bot.nlu.message import Message

_SLOTS: Final = ("employee_number", "sap_code", "problem", "address")
_VALUE = re.compile(r"\s*+[,:]?+\s*+(?:(?:a|por|to|es|is|en|as)\s++)?+(?:que\s++|that\s++)?+:?+\s*+")
_IS = re.compile(r"\s*+[,:]?+\s*+(?:es|is|era)\s++(?:que\s++|that\s++)?+")
_NOT_THIS_BUT_THAT = re.compile(
    r"\bno (?:es|era|son)\b.{1,30}?\b(?:es|era|sino)\b(?: el| la)? \S|\d,? no (?:es |el )?\d"
)
_FIELD_DISTANCE = 3


class Correction(NamedTuple):
    slot: str = ""
    value: str = ""


def correction(message: Message) -> Correction | None:
    """A slot to change, with its new value where it was told; or that something was wrong."""
    verb = message.hit("correct:verb")
    if verb:
        return _field_after(message, verb.last)
    marker = message.hit("correct")
    if marker is None:
        return (
            Correction()
            if _NOT_THIS_BUT_THAT.search(message.plain) and any(c.isdigit() for c in message.plain)
            else None
        )
    near = _named(message, range(marker.first, min(marker.last + _FIELD_DISTANCE, len(message.words))))
    return Correction(near[0], _told_after(message, near[1])) if near else Correction()


def _told_after(message: Message, last: int) -> str:
    """“me equivoqué, el problema es que gotea”: what follows the name of the slot, where it is said to be that."""
    end = message.tokens[last - 1].end
    opening = _IS.match(message.plain[end:])
    return message.text[end + opening.end() :].strip(" .,") if opening else ""


def _field_after(message: Message, start: int) -> Correction | None:
    """“cambia el problema a …”: a verb of change counts only with the name of a slot close behind it."""
    near = _named(message, range(start, min(start + _FIELD_DISTANCE, len(message.words))))
    if near is None:
        return None
    slot, last = near
    rest = message.text[message.tokens[last - 1].end :]
    folded = message.plain[message.tokens[last - 1].end :]
    opening = _VALUE.match(folded)
    return Correction(slot, rest[opening.end() :].strip(" .,") if opening else "")


def _named(message: Message, places: range) -> tuple[str, int] | None:
    """The slot named in these words, and where its name ends."""
    for hit in message.hits:
        if hit.last > places.start and hit.first < places.stop:
            for slot in _SLOTS:
                if f"field:{slot}" in hit.tags or (hit.tags & {"correct"} and slot in _inside(message, hit)):
                    return slot, hit.last
    return None


def _inside(message: Message, hit: Hit) -> set[str]:
    """Slots named within a phrase, as in “el código está mal”."""
    return {slot for word in message.words[hit.first : hit.last] if (slot := _WORDS.get(word))}


_WORDS: Final = {
    **dict.fromkeys(("codigo", "sap", "code"), "sap_code"),
    **dict.fromkeys(("problema", "problem"), "problem"),
    **dict.fromkeys(("direccion", "ubicacion", "address"), "address"),
}

"""Places: a pin, coordinates in the text, or an address in words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from bot.nlu.message import Message
from core.reading import Guess

SHORTEST_ADDRESS = 10
DECIMALS = 6

_COORDINATES = re.compile(r"(?<![\d.])(-?\d{1,3}\.\d{2,15})\s{0,3}[,;]\s{0,3}(-?\d{1,3}\.\d{2,15})(?![\d.])")
_TIME = r"(?!.{0,6}\b(?:minutos?|horas?|dias?|mes|meses|semanas?|anos?)\b)"
_OPENING = re.compile(
    r"\b(?:(?P<cut>estoy (?:en|por|parado en|varado en|cerca de)|estamos (?:en|por)|me encuentro en|me ubico en"
    r"|mi (?:ubicacion|direccion)(?: actual)? es"
    r"|(?:la )?(?:ubicacion|direccion)\s?(?:es|:)|i am at|i'm at|my (?:address|location) is)\s+"
    r"|(?P<keep>(?:calle|avenida|av\.|av|blvd\.?|boulevard|col\.|colonia|carretera)\s+"
    r"|cerca de " + _TIME + r"))"
)
_NOT_A_PLACE = re.compile(r"(?:problemas?|espera|linea|casa\b.{0,2}$|duda|tramite|el chat|un apuro)")
_CLOSING = re.compile(
    r"[;\n]|(?<!\bcol)(?<!\bav)(?<!\besq)(?<!\bfracc)(?<!\bnum)(?<!\bint)(?<!\bext)(?<!\bblvd)\.(?=\s+[a-z]{4,})"
    r"|[,.\s]\s{0,9}(?:y |pero |mi |el |la )?gracias\b"
)


class Place(NamedTuple):
    name: str
    guess: Guess
    where: range
    """Characters that told it, its opening words and all."""


def pin(content: Mapping[str, Any]) -> Guess | None:
    """A pin on the map, when it is on this world."""
    spot = _sane(content.get("latitude"), content.get("longitude"))
    return Guess(spot, 95, "pin") if spot else None


def coordinates(message: Message) -> Place | None:
    """Coordinates typed, or in the address of a map."""
    found = _COORDINATES.search(message.plain)
    spot = _sane(float(found[1]), float(found[2])) if found else None
    return Place("location", Guess(spot, 95, "rules"), range(*found.span())) if found and spot else None


def numbers_of(message: Message) -> list[range]:
    """Positions of coordinates, plausible or not: their digits are no codes."""
    return [range(*m.span()) for m in _COORDINATES.finditer(message.plain)] if "." in message.plain else []


def address(message: Message, closing: re.Pattern[str] | None = None) -> Place | None:
    """An address announced by its opening words, up to where something else begins: `closing` finds what a desk's
    customers say after their address."""
    opening = _OPENING.search(message.plain)
    if not opening:
        return None
    start = opening.end("cut") if opening["cut"] else opening.start("keep")
    end = min(_end(message.plain, opening.end(), ends) for ends in (_CLOSING, closing) if ends)
    written = message.text[start:end].strip(" ,.;:")
    if len(written) < SHORTEST_ADDRESS or _NOT_A_PLACE.match(message.plain, start):
        return None
    return Place("address", Guess(written, 70, "rules"), range(opening.start(), end))


def _end(text: str, start: int, closing: re.Pattern[str]) -> int:
    found = closing.search(text, start)
    return found.start() if found else len(text)


def _sane(latitude: Any, longitude: Any) -> dict[str, float] | None:
    """The two as degrees; nothing when they are no numbers, outside the world, or the empty 0, 0."""
    numbers: Final = [n for n in (latitude, longitude) if isinstance(n, int | float) and not isinstance(n, bool)]
    if len(numbers) < 2 or not all(math.isfinite(n) for n in numbers) or not any(numbers):
        return None
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return {"latitude": round(float(latitude), DECIMALS), "longitude": round(float(longitude), DECIMALS)}

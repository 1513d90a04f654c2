"""Kinds of rooms of the house's own lists, and those among them that a guest means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.desks.hotel.house.port import Offer
from bot.desks.hotel.understanding import rooms
from bot.script.catalogue.kind import Line
from bot.script.facts import Among

WORDS: Final = ("name", "text")


def _listed(key: str, lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [dict(line) for line in lines]


ROOM_TYPES: Final = Among("room_types", _listed)
"""The fact `room_types` (key `all`): every kind of the house's own lists."""


def words_in(line: Line, language: str) -> dict[str, str]:
    """The name and the text of a kind as they are told in a language."""
    own = language.partition("-")[0]
    return {what: str(line.get(f"{what}_{own}") or line[what]) for what in WORDS}


def named(offers: Iterable[Offer], lines: Sequence[Line], language: str) -> list[Offer]:
    """The offers with the names of their kinds in a language, where the house's lists have them."""
    names = {line["code"]: words_in(line, language)["name"] for line in lines}
    return [replace(offer, name=names.get(offer.room, offer.name)) for offer in offers]


def matching(said: str, kinds: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    """The codes of the kinds that are meant: by their code, or by all that was said of them (“double premium”)."""
    names = {str(kind["code"]): str(kind["name"]) for kind in kinds}
    return [said] if said in names else rooms.meant(said.split(), names)

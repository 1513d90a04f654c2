"""Kinds of rooms of the house's own lists, and those among them that a guest means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.desks.hotel.understanding import rooms
from bot.script.catalogue.kind import Line
from bot.script.facts import Among

SHOWN: Final = ("code", "name", "sleeps", "adults", "text", "photo")


def _listed(key: str, lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [{name: line[name] for name in SHOWN} for line in lines]


ROOM_TYPES: Final = Among("room_types", _listed)
"""The fact `room_types` (key `all`): every kind of the house's own lists."""


def matching(said: str, kinds: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    """The codes of the kinds that are meant: by their code, or by all that was said of them (“double premium”)."""
    names = {str(kind["code"]): str(kind["name"]) for kind in kinds}
    return [said] if said in names else rooms.meant(said.split(), names)

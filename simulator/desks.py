"""Businesses of the desks in `DESKS_FOLDER`: the phone can write to them as soon as their `demo.toml` names a number."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from simulator.people import Business


def businesses_in(folder: str) -> list[Business]:
    """Every business with a WhatsApp number that a desk of this folder describes; "" is no folder."""
    paths = sorted(Path(folder).glob("*/demo.toml")) if folder else []
    return [business for path in paths for business in _described(path)]


def _described(path: Path) -> Iterator[Business]:
    for desk in _desks(path):
        for number in desk.get("whatsapp", ()):
            yield Business(str(number), str(desk.get("name", path.parent.name)), str(number), profile=_profile(desk))


def _profile(desk: Mapping[str, Any]) -> dict[str, Any]:
    """The address and the hours, as its settings tell them."""
    told = desk.get("settings")
    own = told if isinstance(told, Mapping) else {}
    hours = f"{own['opens']}–{own['closes']}" if own.get("opens") and own.get("closes") else ""
    found = {"address": str(own.get("address") or ""), "hours": hours}
    return {name: text for name, text in found.items() if text}


def _desks(path: Path) -> list[dict[str, Any]]:
    """The desks of a file; none of one that is broken, of which `turno desk check` tells."""
    try:
        described: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8")).get("desks", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return []
    return described

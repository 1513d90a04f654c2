"""The nouns of each business, out of its desk's folder."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

DESKS: Final = Path(__file__).resolve().parent.parent / "bot" / "desks"


def businesses() -> list[str]:
    """The desks that are a business: those with a menu of their own, and so with nouns."""
    return sorted(path.parent.name for path in DESKS.glob("*/nouns.toml"))


@cache
def nouns(desk: str, kind: str = "says") -> frozenset[str]:
    """A desk's nouns: those that customers read (`says`), or those that code names (`names`)."""
    return frozenset(tomllib.loads((DESKS / desk / "nouns.toml").read_text("utf-8"))[kind].split())


def of_others(desk: str, among: Iterable[str]) -> frozenset[str]:
    """The nouns of the other businesses that are none of this desk's own."""
    others = frozenset().union(*(nouns(other) for other in among if other != desk))
    return others - (nouns(desk) if desk in among else frozenset())


def within(text: str, wanted: Iterable[str]) -> list[str]:
    """The nouns that a text holds, as they are written there."""
    pattern = "|".join(noun.replace("*", r"[a-z]*") for noun in sorted(wanted))
    return re.findall(rf"(?<![a-z])(?:{pattern})(?![a-z])", folded(text)) if pattern else []


def folded(text: str) -> str:
    """In small letters, without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))

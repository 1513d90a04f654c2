"""Defensive access to JSON in which any field may have any type."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.wire.text import clean

EARLIEST = datetime(2009, 1, 1, tzinfo=UTC).timestamp()
_LONGEST_WORD = 512


class Unreadable(ValueError):
    """This item lacks something without which it means nothing; the message says what."""


def part(item: dict[str, Any], name: str) -> dict[str, Any]:
    """The object called `name` inside `item`; raises Unreadable when it is not there."""
    found = item.get(name)
    if type(found) is not dict:
        raise Unreadable(f"no {name} object")
    return found


def inner(item: dict[str, Any], name: str) -> dict[str, Any]:
    """The object called `name` inside `item`, empty when it is not there."""
    found = item.get(name)
    return found if type(found) is dict else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; anything else is passed over."""
    return [item for item in value if type(item) is dict] if type(value) is list else []


def word(value: Any, longest: int = _LONGEST_WORD) -> str:
    """A string, or a number where a string belongs, cleaned; empty for anything else."""
    if type(value) is str:
        return clean(value, longest)
    return str(value) if type(value) in (int, float) else ""


def needed(item: dict[str, Any], name: str, longest: int = _LONGEST_WORD) -> str:
    """A word that must be there and not be empty; raises Unreadable otherwise."""
    found = word(item.get(name), longest)
    if not found:
        raise Unreadable(f"no {name}")
    return found


def present(item: dict[str, Any], *names: str, longest: int = _LONGEST_WORD) -> dict[str, str]:
    """The entries among `names` that hold a non-empty text."""
    found = ((name, word(item.get(name), longest)) for name in names)
    return {name: value for name, value in found if value}


def integer(value: Any) -> int | None:
    """A number that fits a database's integer, also when it came as text."""
    if type(value) is str and value.isascii() and value.isdigit() and len(value) <= 10:
        value = int(value)
    return value if type(value) is int and abs(value) < 2**31 else None


def moment(value: Any, latest: float) -> datetime | None:
    """Unix seconds, as text or number; None when they make no sense or lie after `latest`."""
    if type(value) is str and value.isascii() and value.isdigit() and len(value) <= 12:
        value = int(value)
    if type(value) not in (int, float) or not EARLIEST <= value <= latest:
        return None
    return datetime.fromtimestamp(value, UTC)

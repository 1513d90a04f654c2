"""List parameters in the address: filters and page cursor. Values that make no sense are ignored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request

BIGGEST = 2**63 - 1
LONGEST = 200


def word(name: str) -> str | None:
    """A word that was chosen; None when nothing was."""
    return request.args.get(name, "").strip()[:LONGEST] or None


def whole(name: str, *, most: int = BIGGEST) -> int | None:
    """A number that counts or names something."""
    given = request.args.get(name, "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 20 else None
    return number if number is not None and number <= most else None


def moment(name: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return at if at.tzinfo else None


def chosen(*names: str) -> dict[str, Any]:
    """The current filters, for links to other pages of the same list."""
    return {name: value for name in names if (value := word(name))}

"""Text sanitising: safe to store, and otherwise unchanged.

PostgreSQL holds neither NUL characters nor lone surrogates: a NUL becomes its
picture "␀", a lone surrogate the replacement character "\N{REPLACEMENT CHARACTER}". Everything else stays.
"""

from __future__ import annotations

import re
from math import isfinite
from typing import Any

LONGEST_TEXT = 65_536
LONGEST_STRING = 8_192
WIDEST = 256
DEEPEST = 24
LEFT_OUT = "…"

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LARGEST_INTEGER = 2**63 - 1


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """`text` as PostgreSQL can hold it, cut to `longest` characters."""
    text = text[:longest]
    if "\0" in text:
        text = text.replace("\0", "␀")
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)


def cleaned(value: Any, *, longest: int = LONGEST_STRING, widest: int = WIDEST, deepest: int = DEEPEST) -> Any:
    """A JSON value whose every string is clean, and which is neither too wide nor too deep to keep."""
    if isinstance(value, str):
        return clean(value, longest)
    if isinstance(value, (dict, list)):
        return _cleaned_inside(value, longest, widest, deepest) if deepest > 0 else LEFT_OUT
    return value if value is None or isinstance(value, bool) else _number(value)


def _cleaned_inside(value: dict[Any, Any] | list[Any], longest: int, widest: int, deepest: int) -> Any:
    limits = {"longest": longest, "widest": widest, "deepest": deepest - 1}
    if isinstance(value, list):
        return [cleaned(item, **limits) for item in value[:widest]]
    pairs = list(value.items())[:widest]
    return {clean(str(key), longest): cleaned(item, **limits) for key, item in pairs}


def _number(value: Any) -> Any:
    """A number that every JSON writer takes, else its digits as text."""
    if isinstance(value, int):
        return value if abs(value) <= _LARGEST_INTEGER else str(value)
    return value if isinstance(value, float) and isfinite(value) else str(value)

"""JSON from outside, in which any field may have any type: parsed whatever it holds, read defensively, cleaned to be kept.

PostgreSQL holds neither NUL characters nor lone surrogates: a NUL becomes its
picture "␀", a lone surrogate the replacement character "\N{REPLACEMENT CHARACTER}". Everything else stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from math import isfinite
from typing import Any, NoReturn

import orjson

from core.errors import BadBody

LONGEST_TEXT = 65_536
LONGEST_STRING = 8_192
WIDEST = 256
DEEPEST = 24
LEFT_OUT = "…"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LARGEST_INTEGER = 2**63 - 1
EARLIEST = datetime(2009, 1, 1, tzinfo=UTC).timestamp()
_LONGEST_WORD = 512
_DEEPEST_READ = 1000
_DEEPEST_KEPT = 64
_MOST_DIGITS = 18
_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|([\[{])|[\]}]', re.DOTALL)
"""Of a text in JSON; what is quoted is passed over, to the end where nothing closes it. Only what opens is a group."""
_write_ascii = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


# --- a body: parsed, and kept as it came ---


def load(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`; raises BadBody when it is not JSON, or not an object."""
    found = load_any(body)
    if not isinstance(found, dict):
        raise BadBody("not a JSON object")
    return found


def load_any(body: bytes | str) -> Any:
    """The JSON value in `body`; raises BadBody when it is not JSON, or nested too deeply to be read."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _load_leniently(body)


def _load_leniently(body: bytes | str) -> Any:
    # orjson refuses lone surrogates and numbers beyond a double; customers' phones do send the former.
    try:
        text = body if isinstance(body, str) else body.decode(json.detect_encoding(body), "surrogatepass")
        _refuse_depth(text)
        return json.loads(text, parse_constant=_refuse, parse_int=_integer, parse_float=_float)
    except (ValueError, RecursionError):
        raise BadBody("not JSON") from None


def _refuse_depth(text: str) -> None:
    """How deep is too deep differs from one Python to the next."""
    depth = 0
    for found in _BRACKET.finditer(text):
        if not found[0].startswith('"'):
            depth += 1 if found[1] else -1
        if depth > _DEEPEST_READ:
            raise ValueError("nested too deeply")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _float(digits: str) -> float | str:
    value = float(digits)
    return value if isfinite(value) else digits


def keep(item: Mapping[str, Any]) -> str:
    """`item` as ASCII JSON text, exactly as it came; only nesting beyond all reason is left out."""
    try:
        written = orjson.dumps(item)
        return written.decode("ascii") if written.isascii() else _write_ascii(item)
    except (TypeError, RecursionError):
        return _keep_oddities(item)


def _keep_oddities(item: Mapping[str, Any]) -> str:
    try:
        return _write_ascii(item)
    except RecursionError:
        return _write_ascii(cleaned(dict(item), longest=10**9, widest=10**9, deepest=_DEEPEST_KEPT))


def digest(*parts: str) -> str:
    """A short name for these texts, equal whenever they are equal."""
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def identifier(value: str, longest: int = 400) -> str:
    """`value` as a key an index can hold: itself, or when it is too long or unclean, told apart by a digest."""
    tidy = clean(value, longest)
    return tidy if tidy == value else f"{clean(value, longest - 40)}:{digest(value)}"


# --- its parts, whatever type they have ---


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


# --- text and values that a database can hold ---


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

"""JSON bodies: parsed whatever they hold, and stored as they came."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import blake2b
from math import isfinite
from typing import Any, NoReturn

import orjson

from core.errors import BadBody
from core.wire.text import clean, cleaned

_DEEPEST = 1000
_DEEPEST_KEPT = 64
_LONGEST_INTEGER = 18
_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|([\[{])|[\]}]', re.DOTALL)
"""Of a text in JSON; what is quoted is passed over, to the end where nothing closes it. Only what opens is a group."""
_write_ascii = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


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
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else digits


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

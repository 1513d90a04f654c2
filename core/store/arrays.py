"""Python lists as PostgreSQL arrays.

The driver's own way looks at every element with regular expressions, which was a sixth of a worker's time, and gives
lists of small and of large numbers different types, hence statements prepared anew. All our statements name the type of
an array (`%(ids)s::bigint[]`), so the text of it is all PostgreSQL needs.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
from psycopg.adapt import Dumper


class ArrayDumper(Dumper):
    """A list of plain values, as the text of an array whose type the statement tells."""

    def dump(self, obj: list[Any]) -> bytes:
        text = "{" + ",".join(map(_element, obj)) + "}"
        if "\0" in text:
            raise psycopg.DataError("a NUL character cannot be stored")
        return text.encode()


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, (int, float)):  # a bool is an int, and PostgreSQL reads True
        return str(value)
    if isinstance(value, date):  # a datetime is a date
        return f'"{value.isoformat()}"'
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    raise TypeError(f"no array holds a {type(value).__name__}")

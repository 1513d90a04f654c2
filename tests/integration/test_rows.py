"""Typed rows: each query of the store gives the columns, in the order and of the types, that its rows say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import psycopg
import pytest

import core.store
from core.errors import Broken
from core.store import query
from core.store.db import Database
from core.store.query import Query
from tests.cases import Cases
from tests.migrations.released import numbered

TYPES: Mapping[int, type] = {
    16: bool, 17: bytes, 19: str, 20: int, 21: int, 23: int, 25: str, 700: float, 701: float, 705: str, 1043: str, 1082: date,
    1184: datetime, 1186: timedelta, 1700: Decimal, 1005: list, 1007: list, 1009: list, 1016: list,
}  # fmt: skip
"""Python's type of a column, by PostgreSQL's."""
JSON = (114, 3802)


def declared() -> dict[str, Query[Any]]:
    """Every query that a module of the store declares, by name."""
    for found in walk_packages(core.store.__path__, "core.store."):
        import_module(found.name)
    return {one.name: one for one in query.DECLARED}


def columns(connection: psycopg.Connection[Any], statement: str) -> Iterator[tuple[str, int]]:
    connection.pgconn.prepare(b"looked_at", numbered(statement).encode())
    told = connection.pgconn.describe_prepared(b"looked_at")
    yield from (((told.fname(i) or b"").decode(), told.ftype(i)) for i in range(told.nfields))
    connection.execute("deallocate looked_at")


def plain(hint: Any) -> Any:
    """A field's type without the None, and without what is inside a list or a mapping."""
    if get_origin(hint) in (Union, UnionType):
        [hint] = [part for part in get_args(hint) if part is not NoneType]
    return str if get_origin(hint) is Literal else get_origin(hint) or hint


def differences(of: type, told: list[tuple[str, int]]) -> list[str]:
    hints = get_type_hints(of)
    return [
        f"{name} is {hints[name]}, and the column {TYPES.get(oid, oid)}"
        for name, oid in told
        if oid not in JSON and plain(hints[name]) is not TYPES.get(oid)
    ]


def test_every_query_gives_the_rows_it_says(db_url: str, each: Cases) -> None:
    with psycopg.connect(db_url, autocommit=True) as connection:

        def check(name: str) -> None:
            told = [*columns(connection, core.store.queries.load()[name])]
            declared()[name].compare([column for column, _ in told])
            assert differences(declared()[name].of, told) == []

        each(sorted(declared()), check)


class Wrong(NamedTuple):
    name: str
    id: int


class Mistyped(NamedTuple):
    id: int
    name: str


def test_a_query_whose_columns_are_others_is_refused(db: Database) -> None:
    asked = Query("desks.named", Wrong)
    query.DECLARED.remove(asked)
    with (
        db.transaction() as tx,
        pytest.raises(Broken, match="its rows have name, id"),
    ):
        tx.rows(asked, desks=None)


def test_a_column_of_another_type_is_told() -> None:
    [told] = differences(Mistyped, [("id", 25), ("name", 25)])
    assert told == "id is <class 'int'>, and the column <class 'str'>"


UNTYPED = {
    "core/store/db.py": 2,  # where they are run
    "core/store/files/photos_shared.py": 1,  # whether a row is there
    "core/store/people/export.py": 1,  # whatever a table holds, for its owner
    "core/store/people/person.py": 1,  # one of several statements that remove rows
    "core/store/people/retention.py": 1,  # the same
    "core/store/postgres.py": 1,  # a metric for each column
    "core/store/staff/search.py": 2,  # one of two statements
}
"""Queries whose rows are not typed, and why. Their number only falls."""


def test_no_other_query_is_untyped() -> None:
    asked = re.compile(r"\b(?:tx\.(?:rows|one|first)|at_once)\((?!\s*(?:rows\.)?[A-Z])")
    root = Path(core.store.__path__[0]).parents[1]
    found = {
        str(path.relative_to(root)): asked.findall(path.read_text()) for path in sorted(root.glob("core/store/**/*.py"))
    }
    assert {path: len(hits) for path, hits in found.items() if hits} == UNTYPED

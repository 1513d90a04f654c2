"""Lists go into PostgreSQL as they are, whatever stands in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.store.db import Database

STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def echo(db: Database, values: list[Any], kind: str) -> list[Any]:
    with db.transaction() as tx:
        [(found,)] = tx._cursor.execute(f"select %(values)s::{kind}[]", {"values": values}).fetchall()
        return list(found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.none() | STORABLE | st.sampled_from(["NULL", "null", "", " ", '{"a"}', "\\", '\\"', ","])))
def test_any_text_comes_back_as_it_went_in(db: Database, values: list[str | None]) -> None:
    assert echo(db, values, "text") == values


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("bigint", [0, -1, 2**62, None]),
        ("float", [0.5, -1e300, 7.0, None]),
        ("bool", [True, False, None]),
        ("timestamptz", [datetime(2026, 4, 1, 12, 30, 0, 123456, UTC), None]),
        ("jsonb", ['{"a": "\\"\\\\"}', None]),
        ("text", []),
        ("bytea", [b"", b'\x00\xff"\\', None]),
    ],
)
def test_every_type_our_statements_name_comes_back(db: Database, kind: str, values: list[Any]) -> None:
    wanted = [{"a": '"\\'}, None] if kind == "jsonb" else values
    assert echo(db, values, kind) == wanted


def test_a_nul_character_is_refused_and_not_cut_off(db: Database) -> None:
    with pytest.raises(psycopg.DataError):
        echo(db, ["a\0b"], "text")


def test_what_no_array_holds_is_a_mistake_of_ours(db: Database) -> None:
    with pytest.raises(TypeError):
        echo(db, [object()], "text")

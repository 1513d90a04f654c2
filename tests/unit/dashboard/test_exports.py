"""Rows as files: complete, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest

from core.rows import Rows
from dashboard.boards.exports import FORMATS, begun

COLUMNS = ("text", "number", "at", "phone")
KINDS: Any = ("text", "number", "time", "text")
AT = datetime(2026, 5, 31, 12, tzinfo=UTC)


def written(kind: str, *batches: list[tuple[Any, ...]]) -> bytes:
    return b"".join(FORMATS[kind][1](iter([Rows(COLUMNS, KINDS, batch) for batch in batches])))


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@x", "\t1", "\r1", "\n1", "=cmd|' /C calc'!A0"])
@pytest.mark.parametrize(("kind", "dialect"), [("csv", "excel"), ("tsv", "excel-tab")])
def test_a_text_that_a_spreadsheet_would_compute_is_a_text(formula: str, kind: str, dialect: str) -> None:
    _, (cell, *_) = read(kind, dialect, [(formula, 1, AT, "")])
    assert cell == f"'{formula}"


def read(kind: str, dialect: str, *batches: list[tuple[Any, ...]]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written(kind, *batches).decode(), newline=""), dialect))


@pytest.mark.parametrize(("kind", "dialect"), [("csv", "excel"), ("tsv", "excel-tab")])
def test_every_row_of_every_batch_is_there_once_below_one_head(kind: str, dialect: str) -> None:
    nasty = 'a,"b"\tc\nd;é'
    table = read(kind, dialect, [(nasty, -1.5, AT, "5215512345678")], [], [("b", None, None, None)])
    assert table == [list(COLUMNS), [nasty, "-1.5", "2026-05-31T12:00:00+00:00", "••••••5678"], ["b", "", "", ""]]


def test_json_is_one_array_of_objects() -> None:
    records = orjson.loads(written("json", [("=1", 1, AT, "5215512345678")], [("b", 0.5, None, None)]))
    assert records[0] == {"text": "=1", "number": 1, "at": "2026-05-31T12:00:00+00:00", "phone": "••••••5678"}
    assert records[1] == {"text": "b", "number": 0.5, "at": None, "phone": None}


@pytest.mark.parametrize(("kind", "empty"), [("json", b"[]\n"), ("csv", b"text,number,at,phone\r\n")])
def test_no_rows_are_a_whole_file_too(kind: str, empty: bytes) -> None:
    assert written(kind, []) == empty


def test_days_and_spans_have_a_plain_form() -> None:
    batch = Rows(("day", "span"), ("date", "duration"), [(date(2026, 5, 31), timedelta(minutes=1))])
    assert b"".join(FORMATS["csv"][1](iter([batch]))) == b"day,span\r\n2026-05-31,60.0\r\n"


def test_an_error_in_asking_comes_before_the_file_is_begun() -> None:
    def broken() -> Any:
        raise ValueError("no such column")
        yield

    with pytest.raises(ValueError, match="no such column"):
        begun(broken())

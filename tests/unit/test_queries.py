"""Named blocks of SQL, and the parts that several of them share."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.store import queries
from tests.cases import Cases

FILES = Path(queries.__file__).parent / "sql"


def test_a_part_stands_once_and_is_put_where_it_is_named() -> None:
    source = "-- part: who\n-- Shared.\nid, name\n\n-- name: one\nselect @who@ from x where a @> b\n\n-- name: all\nselect @who@\n"
    assert queries._split(source) == [("one", "select id, name from x where a @> b"), ("all", "select id, name")]


def test_a_part_that_is_not_there_is_no_statement() -> None:
    with pytest.raises(KeyError, match="who"):
        queries._split("-- name: one\nselect @who@\n")


def test_what_is_shared_is_used_more_than_once(each: Cases) -> None:
    def check(file: str) -> None:
        text = (FILES / file).read_text(encoding="utf-8")
        for part in re.findall(r"^-- part: (\w+)$", text, re.MULTILINE):
            assert text.count(f"@{part}@") > 1, part

    each(sorted(path.name for path in FILES.glob("*.sql")), check)

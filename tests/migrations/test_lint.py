"""The linter of migrations hears what it should."""

from __future__ import annotations

import pytest

from tests.migrations import lint


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("create index inbox_kind on inbox (kind);", "require-concurrent-index-creation"),
        ("alter table inbox add column seen bool not null;", "adding-required-field"),
        ("alter table inbox alter column text type varchar(9);", "changing-column-type"),
        ("alter table inbox rename column text to words;", "renaming-column"),
    ],
)
def test_what_stops_the_traffic_or_the_version_before_is_heard(sql: str, rule: str) -> None:
    assert rule in lint.complaint(sql)


def test_what_stops_nobody_is_let_pass() -> None:
    assert lint.complaint("alter table inbox add column seen timestamptz;") == ""


def test_the_sql_of_a_step_is_what_alembic_emits() -> None:
    assert "ADD COLUMN spoke_at" in lint.offline("0028", "0029")

"""`turno migrate` brings a database to this version, says where it was, and leaves a newer one alone."""

from __future__ import annotations

import psycopg
import pytest

from bot.__main__ import main
from core.store import schema


def at(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("select version_num from alembic_version").fetchone()
    return str(row[0]) if row else ""


def test_an_empty_database_is_brought_to_this_version_and_stays_there(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert main(["migrate", "--check"]) == 1
    assert "nothing" in capsys.readouterr().out
    assert main(["migrate"]) == 0
    assert f"was at nothing, and is at {schema.head()}" in capsys.readouterr().out
    assert main(["migrate", "--check"]) == main(["migrate"]) == 0
    assert f"was at {schema.head()}, and is at {schema.head()}" in capsys.readouterr().out
    assert at(empty_url) == schema.head()


@pytest.mark.parametrize("more", [[], ["--check"]])
def test_a_newer_schema_is_left_alone(
    db_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", db_url)
    with psycopg.connect(db_url) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    assert main(["migrate", *more]) == 1
    assert "9999" in capsys.readouterr().out
    assert at(db_url) == "9999"


def test_a_database_that_is_away_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert main(["migrate"]) == 1
    assert "the database does not answer" in capsys.readouterr().out

"""`turno migrate` brings a database to this version, says where it was, and leaves a newer one alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

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


OLD = [
    path for path in sorted(Path("/usr/lib/postgresql").glob("*/bin")) if int(path.parts[-2]) < schema.OLDEST_POSTGRES
]


@pytest.fixture
def old_postgres(tmp_path: Path) -> Iterator[str]:
    """A PostgreSQL of Debian's that is too old, with an empty database; on its socket only."""
    if not OLD or os.geteuid() != 0 or shutil.which("runuser") is None:
        pytest.skip("no older PostgreSQL of Debian's here, or not the right to run it")
    programs = OLD[0]
    data, sockets = tmp_path / "data", Path(tempfile.mkdtemp(prefix="old-pg-"))
    for folder in (tmp_path, sockets):
        shutil.chown(folder, "postgres")
    for above in tmp_path.parents[:2]:
        above.chmod(0o755)
    run = partial(subprocess.run, check=True, capture_output=True)
    run(
        ["runuser", "-u", "postgres", "--", programs / "initdb", "-D", data, "-U", "turno", "--auth=trust", "--no-sync"]
    )
    options = f"-c listen_addresses='' -c unix_socket_directories={sockets} -c fsync=off"
    as_postgres = ["runuser", "-u", "postgres", "--", programs / "pg_ctl", "-D", data, "-w"]
    run([*as_postgres, "-o", options, "-l", tmp_path / "log", "start"])
    try:
        yield f"postgresql://turno@/postgres?host={sockets}"
    finally:
        run([*as_postgres, "-m", "immediate", "stop"])
        shutil.rmtree(sockets)


@pytest.mark.parametrize("more", [[], ["--check"]])
def test_a_postgres_that_is_too_old_is_refused_in_one_sentence(
    old_postgres: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", old_postgres)
    assert main(["migrate", *more]) == 1
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("PostgreSQL ") and "is too old: Turno needs 17 or newer" in line
    with psycopg.connect(old_postgres) as connection:
        [(tables,)] = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchall()
    assert tables == 0

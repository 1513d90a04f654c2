"""The bell between processes: what is rung is heard, also when the one who rang leaves at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from core.bell import CHANNELS, ERRANDS, INBOX, OUTBOX, Bell

PATIENCE_S = 10.0
NOBODY = "postgresql://127.0.0.1:1/nobody"


@contextmanager
def listener(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url, autocommit=True) as connection:
        for channel in CHANNELS:
            connection.execute(f"listen {channel}")
        yield connection


def heard(connection: psycopg.Connection[Any], count: int = 1) -> set[str]:
    return {note.channel for note in connection.notifies(timeout=PATIENCE_S, stop_after=count)}


@pytest.fixture
def ear(db_url: str) -> Iterator[psycopg.Connection[Any]]:
    with listener(db_url) as connection:
        yield connection


def test_who_rings_and_leaves_at_once_is_heard(db_url: str, ear: psycopg.Connection[Any]) -> None:
    for _ in range(10):
        bell = Bell(db_url)
        bell.ring(INBOX)
        bell.close()
        assert heard(ear) == {INBOX}


def test_who_rings_once_more_and_leaves_is_heard_on_every_channel(db_url: str, ear: psycopg.Connection[Any]) -> None:
    bell = Bell(db_url)
    bell.ring(INBOX)
    assert heard(ear) == {INBOX}
    bell.ring(OUTBOX)
    bell.ring(ERRANDS)
    bell.close()
    assert heard(ear, 2) == {OUTBOX, ERRANDS}


def test_a_bell_whose_connection_was_cut_rings_again(db_url: str, ear: psycopg.Connection[Any]) -> None:
    bell = Bell(db_url)
    bell.ring(INBOX)
    assert heard(ear) == {INBOX}
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'turno bell'"
    assert ear.execute(f"{cut} and datname = current_database()").fetchall() == [(True,)]
    bell.ring(OUTBOX)
    assert heard(ear) == {OUTBOX}
    bell.close()


def test_without_a_database_a_bell_rings_nobody_and_still_closes() -> None:
    bell = Bell(NOBODY)
    bell.ring(INBOX)
    bell.close()
    assert not bell.ringing


def test_its_session_commits_as_before_after_it_has_rung(
    db_url: str, ear: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pooler may hand the session to the door, which answers 200 only when its commit is safe."""
    made: list[psycopg.Connection[Any]] = []
    connect = psycopg.connect
    monkeypatch.setattr(psycopg, "connect", lambda *of, **named: made.append(connect(*of, **named)) or made[-1])
    bell = Bell(db_url)
    bell.ring(INBOX)
    assert heard(ear) == {INBOX}
    theirs = "select query from pg_stat_activity where application_name = 'turno bell' and datname = current_database()"
    [(query,)] = ear.execute(theirs).fetchall()
    assert "synchronous_commit" in query
    assert made[0].execute("show synchronous_commit").fetchone() == ("on",)
    bell.close()

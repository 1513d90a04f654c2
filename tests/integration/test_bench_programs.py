"""The benchmark's bare PostgreSQL runs today's statements: each pgbench script is whole, and does what a turn does."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import psycopg
import pytest

from bench import crowd, pgbench
from bot.commands import demo
from core.store.db import Database


@pytest.fixture
def crowded(db: Database, db_url: str) -> str:
    """The demo desks, with as many customers as the scripts draw from."""
    with db.transaction() as tx:
        demo.put(tx)
    crowd.grow(db_url, 1, pgbench.CUSTOMERS)
    return db_url


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> psutil.Process:
    """This process stands for PostgreSQL, whose CPU matters to nobody here."""
    monkeypatch.setattr(pgbench, "FOLDER", tmp_path)
    return psutil.Process(os.getpid())


def count(url: str, table: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"select count(*) from {table}".encode()).fetchone()
    assert row
    return int(row[0])


def test_upserts(crowded: str, here: psutil.Process) -> None:
    pgbench.ingest().run(crowded, 1, 1, here)
    assert count(crowded, "inbox") > pgbench.CUSTOMERS


def test_turns(crowded: str, here: psutil.Process) -> None:
    pgbench.turn().run(crowded, 1, 1, here)
    assert (
        count(crowded, "steps") > pgbench.CUSTOMERS
        and count(crowded, "outbox where external_id not like 'wamid.SAID%' and state = 'sent'") > 0
    )

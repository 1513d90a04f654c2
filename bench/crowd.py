"""Databases for the runs: made, migrated, and filled with as many conversations as a run wants."""

from __future__ import annotations

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from psycopg.sql import SQL, Identifier

from bench.letters import FIRST_PHONE, NUMBER
from bench.processes import ROOT
from bot.commands import demo
from core.store.db import Database

SEED = Path(__file__).with_name("crowd.sql")


def in_database(url: str, name: str) -> str:
    """The same server, another database."""
    return url.replace("/postgres?", f"/{name}?")


def make(url: str, name: str) -> str:
    """A fresh database with the demo desks; its URL."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SQL("create database {}").format(Identifier(name)))
    made = in_database(url, name)
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("sqlalchemy.url", made.replace("%", "%%"))
    command.upgrade(config, "head")
    db = Database(made, timeout_s=60)
    with db.transaction() as tx:
        demo.put(tx)
    db.close()
    return made


def grow(url: str, first: int, last: int) -> None:
    """Customers number `first` to `last`, each with a past: a message, a step, a reply, and a session at rest."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set synchronous_commit = off")
        bounds = {"first": first, "last": last, "first_phone": FIRST_PHONE, "number": NUMBER}
        for statement in SEED.read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                connection.execute(statement.encode(), bounds)
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")

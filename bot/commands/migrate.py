"""`migrate`: bring the schema of DATABASE_URL to this version. Two that migrate at once take turns."""

from __future__ import annotations

import argparse

from bot.commands.opening import open_database
from core import settings
from core.errors import Unreachable
from core.store import health, schema
from core.store.db import Database


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("migrate", help="bring the schema of DATABASE_URL to this version")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 unless it is at this version")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    db = open_database(settings.load(), name="migrate")
    try:
        if problem := schema.postgres_problem(db.url):
            print(problem)
            return 1
        return _check(db) if chosen.check else _migrate(db)
    except Unreachable:
        print("the database does not answer")
        return 1
    finally:
        db.close()


def _check(db: Database) -> int:
    at = _at(db)
    print(f"the schema is at {at or 'nothing'}, and this version wants {schema.head()}")
    return 0 if at == schema.head() else 1


def _migrate(db: Database) -> int:
    before = _at(db)
    if before and not schema.knows(before):
        print(f"the schema is at {before}, which this version does not know: nothing was changed")
        return 1
    schema.upgrade(db.url)
    print(f"the schema was at {before or 'nothing'}, and is at {schema.head()}")
    return 0


def _at(db: Database) -> str | None:
    with db.transaction() as tx:
        return health.schema_version(tx)

"""`python -m bench.seed --messages 1000000`: a database with as much past as one wants, the same for the same seed.

A month of conversations of one desk, by day and night: reports, vehicles, tickets, people who give up or are not
understood, staff who take over; with their steps, replies, delivery statuses, tickets, surveys and mishaps. It is made
by a few statements over whole sets, so that a million messages take minutes. What it fills must be empty of people.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import psycopg

from core import settings
from core.store import embedded

SCRIPT = Path(__file__).with_name("seed.sql")
DAYS = 30
DESK = "field-service"


class NotEmpty(RuntimeError):
    """There are people in this database: made-up ones do not go among them."""


def fill(url: str, messages: int, *, seed: int = 1, until: datetime | None = None) -> None:
    """Put so many messages in, the last of them at `until`; the database is migrated and has the demo desks."""
    values = {"messages": messages, "seed": seed, "days": DAYS, "desk": DESK, "until": until or datetime.now(UTC)}
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        if connection.execute("select 1 from contacts limit 1").fetchone():
            raise NotEmpty("there are contacts in this database already")
        connection.execute("set local synchronous_commit = off")
        connection.execute("set local work_mem = '256MB'")
        connection.execute("set local statement_timeout = 0")
        for statement in _statements():
            connection.execute(statement.encode(), values)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")


def _statements() -> list[str]:
    """Each ends with a semicolon at the end of a line."""
    return [statement for statement in SCRIPT.read_text(encoding="utf-8").split(";\n") if statement.strip()]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.seed", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000, help="how many events of customers, timers and staff")
    parser.add_argument("--seed", type=int, default=1, help="another number makes other people")
    parser.add_argument("--url", default="", help="the database; empty: the one of the settings")
    chosen = parser.parse_args()
    began = monotonic()
    try:
        fill(chosen.url or embedded.url_for(settings.load()), chosen.messages, seed=chosen.seed)
    except NotEmpty as problem:
        print(f"python -m bench.seed: {problem}", file=sys.stderr)
        return 2
    print(f"{chosen.messages:,} messages in {monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The database server's own state, for the metrics."""

from __future__ import annotations

from typing import NamedTuple

from core.store.db import Tx
from core.store.query import Query


class SaidTwice(NamedTuple):
    replies: int


SAID_TWICE = Query("postgres.said_twice", SaidTwice)


def figures(tx: Tx) -> dict[str, float]:
    """Each figure by its name: connections, size, ages, standbys, archive."""
    row = tx.one("postgres.figures")
    return {name: float(value) for name, value in row._asdict().items()} if row else {}


def said_twice(tx: Tx) -> int:
    """How many replies of the last hour reached a customer twice."""
    return tx.first(SAID_TWICE).replies

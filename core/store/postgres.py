"""The database server's own state, for the metrics."""

from __future__ import annotations

from core.store.db import Tx


def figures(tx: Tx) -> dict[str, float]:
    """Each figure by its name: connections, size, ages, standbys, archive."""
    row = tx.one("postgres.figures")
    return {name: float(value) for name, value in row._asdict().items()} if row else {}


def said_twice(tx: Tx) -> int:
    """How many replies of the last hour reached a customer twice."""
    row = tx.one("postgres.said_twice")
    return int(row.replies) if row else 0

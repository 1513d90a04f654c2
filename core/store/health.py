"""Health of the database: the revision of its schema."""

from __future__ import annotations

from core.store import rows
from core.store.db import Tx


def schema_version(tx: Tx) -> str | None:
    """The migration the schema is at; None before the first."""
    there = tx.one(rows.SCHEMA_EXISTS)
    row = tx.one(rows.SCHEMA_VERSION) if there and there.there else None
    return str(row.version_num) if row else None


def tables(tx: Tx) -> int:
    """How many tables there are: none in a database that was just made."""
    return tx.first(rows.TABLES).tables

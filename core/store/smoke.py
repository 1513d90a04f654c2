"""Outcomes of the messages that `turno smoke` sends to try out a deployment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.store import rows
from core.store.db import Tx


def became(tx: Tx, external_ids: Sequence[str]) -> dict[str, rows.Became]:
    """The outcome of each message so far, by its id; a message without one yet is missing."""
    return {row.external_id: row for row in tx.rows(rows.BECAME, external_id=list(external_ids))}


def trouble(tx: Tx, since: datetime) -> rows.Trouble:
    """Counts of all that went wrong for anybody since then."""
    return tx.first(rows.TROUBLE, since=since)

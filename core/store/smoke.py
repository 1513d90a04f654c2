"""Outcomes of the messages that `turno smoke` sends to try out a deployment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.store.db import Row, Tx


def became(tx: Tx, external_ids: Sequence[str]) -> dict[str, Row]:
    """The outcome of each message so far, by its id; a message without one yet is missing."""
    return {row.external_id: row for row in tx.rows("smoke.became", external_id=list(external_ids))}


def trouble(tx: Tx, since: datetime) -> Row:
    """Counts of all that went wrong for anybody since then."""
    return tx.one("smoke.trouble", since=since)

"""What becomes of messages that were sent to try a deployment out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.store.db import Row, Tx


def became(tx: Tx, external_ids: Sequence[str]) -> dict[str, Row]:
    """What became of each so far, by its id; one that is not here yet is missing."""
    return {row.external_id: row for row in tx.rows("smoke.became", external_id=list(external_ids))}


def trouble(tx: Tx, since: datetime) -> Row:
    """Counts of all that went wrong for anybody since then."""
    return tx.one("smoke.trouble", since=since)

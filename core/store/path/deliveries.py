"""Delivery statuses: stored idempotently, and applied so that a send only ever moves forward."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core import pii
from core.messages import Delivery
from core.store.db import Tx
from core.store.path import outbox, rows
from core.store.path.rows import Moved

RANK = {"failed": 0, "sent": 1, "delivered": 2, "read": 3, "played": 3}
BIGGEST_ID = 2**63 - 1


def apply(tx: Tx, deliveries: Iterable[Delivery]) -> list[Moved]:
    """Move the sends these speak of forward; park what speaks of nothing we know. The sends that were touched."""
    folded = list({(d.external_id, d.state, d.recipient): d for d in deliveries}.values())
    return _apply(tx, folded) if folded else []


def _apply(tx: Tx, reported: Sequence[Delivery]) -> list[Moved]:
    moved = tx.rows(
        rows.MOVED,
        external_id=[d.external_id for d in reported],
        state=[d.state for d in reported],
        rank=[RANK[d.state] for d in reported],
        recipient=[d.recipient for d in reported],
        callback_id=[own_id(d.callback_id) for d in reported],
        error_code=[d.error_code for d in reported],
        error=[pii.mask(d.error) for d in reported],
        pricing_category=[d.pricing_category for d in reported],
        billable=[d.billable for d in reported],
        at=[d.at for d in reported],
    )
    outbox.say_plainly(tx, [row.id for row in moved if row.state == "failed"])
    return moved


def own_id(callback_id: str | None) -> int | None:
    """The outbox id that came back, when it looks like one."""
    if callback_id and callback_id.isascii() and callback_id.isdigit() and int(callback_id) <= BIGGEST_ID:
        return int(callback_id)
    return None


def apply_parked(tx: Tx) -> int:
    """Apply the statuses that came before their send was known. How many."""
    found = tx.rows(rows.PARKED_STATUSES)
    apply(
        tx,
        [
            Delivery(
                row.external_id,
                row.state,
                str(row.callback_id),
                row.recipient,
                row.error_code,
                row.error,
                row.pricing_category,
                row.billable,
                row.at,
            )
            for row in found
        ],
    )
    return len(found)

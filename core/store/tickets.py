"""What staff do with tickets. The customer hears of it through an event, like of everything else."""

from __future__ import annotations

import uuid
from typing import Literal

from core.store import inbox
from core.store.db import Row, Tx

Status = Literal["pending", "in_progress", "resolved", "cancelled"]


def change(tx: Tx, number: str, status: Status, *, by: str, note: str = "") -> bool:
    """Give the ticket this status and let its conversation know, in one transaction. False: it has it already."""
    changed = tx.one("tickets.change", number=number, status=status)
    if changed is None:
        return False
    if changed.conversation_id is not None:
        content = {"number": number, "status": status, "by": by, "note": note}
        inbox.add_own(tx, changed.conversation_id, f"ticket:{uuid.uuid4()}", "ticket", content)
    return True


def find(tx: Tx, number: str) -> Row | None:
    return tx.one("tickets.find", number=number)


def newest(tx: Tx, *, size: int = 20) -> list[Row]:
    return tx.rows("tickets.newest", size=size)

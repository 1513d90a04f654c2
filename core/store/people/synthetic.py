"""Synthetic customers: the channel each writes on, and everything of them taken away as if they had never been."""

from __future__ import annotations

from datetime import datetime

from core.store.db import Tx
from core.store.people import person, rows
from core.synthetic import PREFIX, new_address


def begin(tx: Tx, desk_id: str, now: datetime) -> str:
    """A channel on which this desk answers one synthetic customer. Its address."""
    address = new_address(now)
    tx.run("synthetic.add_channel", address=address, desk_id=desk_id)
    return address


def addresses(tx: Tx) -> list[str]:
    return [row.address for row in tx.rows(rows.SYNTHETIC_CHANNELS, prefix=PREFIX)]


def customers(tx: Tx, address: str) -> list[int]:
    return [row.id for row in tx.rows(rows.SYNTHETIC_CUSTOMERS, address=address)]


def take_away(tx: Tx, contact_id: int) -> tuple[tuple[str, datetime], ...]:
    """Everything of one: no tombstone, and no number in a statistic. The photos whose files may go, as they were kept."""
    there = tx.one(rows.LOCKED, contact_id=contact_id)
    if there is None:
        return ()
    uploads = [(name, there.now) for name in person.uploads(tx, contact_id)]
    for statement in person.CUTS:
        tx.run(statement, contact_id=contact_id)
    kept = [(row.sha256, row.stored_at) for row in tx.rows(rows.ERASED_PHOTOS, contact_id=contact_id, size=1000)]
    for statement in ("synthetic.take_tickets", "synthetic.take_statuses", "synthetic.take_customer"):
        tx.run(statement, contact_id=contact_id)
    return (*uploads, *kept)


def end(tx: Tx, address: str) -> None:
    """The channel goes too, once its customers are gone."""
    tx.run("synthetic.take_sessions", address=address)
    tx.run("synthetic.take_channel", address=address)

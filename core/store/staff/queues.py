"""Queue depths: how much waits, for how long, and which processes work on it. `desks` limits them to a reader's desks."""

from __future__ import annotations

from collections.abc import Sequence

from core.store.db import Row, Tx

Desks = Sequence[str] | None


def numbers(tx: Tx, desks: Desks) -> list[Row]:
    """Every number with its lines."""
    return tx.rows("queues.numbers", desks=desks)


def number(tx: Tx, id: int, desks: Desks) -> Row | None:
    return tx.one("queues.number", id=id, desks=desks)


def stuck(tx: Tx, desks: Desks, *, most: int = 50) -> list[Row]:
    """Sends that wait for a person, the newest first."""
    return tx.rows("queues.stuck", desks=desks, most=most)


def leases(tx: Tx, desks: Desks) -> list[Row]:
    return tx.rows("queues.leases", desks=desks)


def media(tx: Tx, desks: Desks) -> list[Row]:
    return tx.rows("queues.media", desks=desks)


def processes(tx: Tx) -> list[Row]:
    return tx.rows("queues.processes")

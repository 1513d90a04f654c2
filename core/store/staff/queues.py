"""Queue depths: how much waits, for how long, and which processes work on it. `desks` limits them to a reader's desks."""

from __future__ import annotations

from collections.abc import Sequence

from core.store.db import Tx
from core.store.staff.rows import queues as rows

Desks = Sequence[str] | None


def numbers(tx: Tx, desks: Desks) -> list[rows.NumberQueue]:
    """Every number with its lines."""
    return tx.rows(rows.NUMBERS, desks=desks)


def number(tx: Tx, id: int, desks: Desks) -> rows.Number | None:
    return tx.one(rows.NUMBER, id=id, desks=desks)


def stuck(tx: Tx, desks: Desks, *, most: int = 50) -> list[rows.Stuck]:
    """Sends that wait for a person, the newest first."""
    return tx.rows(rows.STUCK, desks=desks, most=most)


def leases(tx: Tx, desks: Desks) -> list[rows.Held]:
    return tx.rows(rows.LEASES, desks=desks)


def errands(tx: Tx, desks: Desks) -> list[rows.ErrandQueue]:
    return tx.rows(rows.ERRANDS, desks=desks)


def processes(tx: Tx) -> list[rows.Process]:
    return tx.rows(rows.PROCESSES)

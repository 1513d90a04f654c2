"""Gauges: counts of queues and tables for monitoring. Never queried on the path of a message."""

from __future__ import annotations

from core.messages import UNSPOKEN
from core.store.db import Row, Tx


def chat(tx: Tx, *, within_s: float) -> Row:
    """Lines, and people who were in the chat within so many seconds."""
    return tx.one("figures.chat", within_s=within_s, unspoken=list(UNSPOKEN))


def tickets(tx: Tx) -> dict[str, int]:
    """How many tickets there are of each status."""
    return {row.status: row.number for row in tx.rows("figures.tickets")}


def uploads(tx: Tx) -> Row:
    return tx.one("figures.uploads")


def asked(tx: Tx) -> Row:
    return tx.one("figures.asked")


def errors(tx: Tx) -> Row:
    return tx.one("figures.errors")


def storage(tx: Tx) -> int:
    """Bytes of the whole database."""
    return int(tx.rows("figures.storage")[0].bytes)


def crew(tx: Tx) -> Row:
    return tx.one("figures.crew")

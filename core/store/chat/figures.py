"""Gauges: counts of queues and tables for monitoring. Never queried on the path of a message."""

from __future__ import annotations

from core.kinds import UNSPOKEN
from core.store.chat import rows
from core.store.db import Tx


def chat(tx: Tx, *, within_s: float) -> rows.Chat:
    """Lines, and people who were in the chat within so many seconds."""
    return tx.first(rows.CHAT, within_s=within_s, unspoken=list(UNSPOKEN))


def tickets(tx: Tx) -> dict[str, int]:
    """How many tickets there are of each status."""
    return {row.status: row.number for row in tx.rows(rows.TICKETS)}


def uploads(tx: Tx) -> rows.Uploads:
    return tx.first(rows.UPLOADS)


def asked(tx: Tx) -> rows.Asked:
    return tx.first(rows.ASKED)


def errors(tx: Tx) -> rows.Errors:
    return tx.first(rows.ERRORS)


def storage(tx: Tx) -> int:
    """Bytes of the whole database."""
    return int(tx.rows(rows.STORAGE)[0].bytes)


def crew(tx: Tx) -> rows.Crew:
    return tx.first(rows.CREW)

"""Figures of a day, beside those of the day before."""

from __future__ import annotations

from typing import NamedTuple

from core.store.db import Tx
from core.store.query import Query


class Day(NamedTuple):
    which: str
    messages: int
    conversations: int
    dead_letters: int
    replies: int
    not_sent: int
    unknown: int
    tickets: int
    conflicts: int
    breakers_opened: int
    p95_s: float | None
    operations_failed: int


DAYS = Query("digest.day", Day)


def days(tx: Tx) -> tuple[Day, Day]:
    """The last twenty-four hours, and those before."""
    now, before = tx.rows(DAYS)
    return now, before

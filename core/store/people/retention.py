"""Retention: each function deletes one small batch of expired rows and returns how many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.settings import Settings
from core.store.db import Tx
from core.store.people import person

PERIODS: Final[Mapping[str, tuple[str, str]]] = {
    "events": ("retention.events", "inbox_keep_days"),
    "dead_letters": ("retention.letters", "letters_keep_days"),
    "statuses": ("retention.statuses", "deliveries_keep_days"),
    "steps": ("retention.steps", "steps_keep_days"),
    "own_files": ("retention.own_files", "outbox_keep_days"),
}
"""Rows removed by a plain statement, and the setting that says after how long."""

COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    "bodies": ("retention.bodies", "raw_keep_days"),
    "sends": ("retention.sends", "outbox_keep_days"),
}
"""The same, by statements that count for themselves."""

FIXED: Final[Mapping[str, str]] = {"uploads": "retention.uploads", "proofs": "retention.proofs"}
"""Rows that go when they mean nothing any more, whatever the settings say."""

KINDS: Final = (*PERIODS, *COUNTED, *FIXED, "lost_statuses", "marks")


def remove(tx: Tx, kind: str, settings: Settings, *, size: int) -> int:
    """One small batch of this kind."""
    if kind == "lost_statuses":
        return tx.run("retention.lost_statuses", size=size)
    if kind in FIXED:
        return tx.run(FIXED[kind], size=size)
    if kind == "marks":
        return person.forget_events(tx, size=size)
    if kind in COUNTED:
        statement, setting = COUNTED[kind]
        row = tx.one(statement, keep_days=getattr(settings, setting), size=size)
        return int(row.gone) if row else 0
    statement, setting = PERIODS[kind]
    return tx.run(statement, keep_days=getattr(settings, setting), size=size)

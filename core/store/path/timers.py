"""Timers: rows that become events when they are due."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from core.store.db import Tx
from core.turn import TimerCancelled, TimerSet, Turn


def set(tx: Tx, turns: Sequence[Turn]) -> None:
    """Cancel what these turns cancelled, and set what they set: of turns that follow each other, the last one counts."""
    last = {(turn.conversation_id, change.name): (turn, change) for turn in turns for change in turn.timers}
    changes = list(last.values())
    cancelled = [(t.conversation_id, c.name) for t, c in changes if isinstance(c, TimerCancelled)]
    armed = [(t, c) for t, c in changes if isinstance(c, TimerSet)]
    if cancelled:
        tx.run("timers.cancel", conversation_id=[i for i, _ in cancelled], name=[name for _, name in cancelled])
    if armed:
        tx.run(
            "timers.arm",
            conversation_id=[t.conversation_id for t, _ in armed],
            name=[c.name for _, c in armed],
            due_at=[c.due_at for _, c in armed],
            rest_s=[c.rest_s for _, c in armed],
            set_at_version=[t.after.version for t, _ in armed],
            content=[orjson.dumps(c.content).decode() for _, c in armed],
        )


def fire(tx: Tx, *, size: int = 500) -> int:
    """Turn due timers into events. How many."""
    tx.run("timers.postpone")
    return tx.run("timers.fire", size=size)

"""The history of steps: one row for each version of a session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from core.store.db import Tx
from core.store.path import rows
from core.store.path.rows import Happened, Recorded
from core.turn import Turn


def append(tx: Tx, turns: Sequence[Turn]) -> None:
    """Write down how each turn came to its session's new version."""
    tx.run(
        "steps.append",
        conversation_id=[t.conversation_id for t in turns],
        version=[t.after.version for t in turns],
        event_id=[t.event.id for t in turns],
        from_flow=[t.before.flow for t in turns],
        from_state=[t.before.state for t in turns],
        to_flow=[t.after.flow for t in turns],
        to_state=[t.after.state for t in turns],
        trigger=[t.trigger for t in turns],
        origin=[t.event.origin for t in turns],
        reading=[orjson.dumps(t.reading.as_json()).decode() if t.reading else None for t in turns],
        replies=[len(t.replies) for t in turns],
        note=[t.note for t in turns],
    )


def recorded(tx: Tx, *, since_s: float) -> list[Recorded]:
    """Every step of the conversations that moved in this time, with its event and what was said."""
    return tx.rows(rows.RECORDED, since_s=since_s)


@dataclass(frozen=True, slots=True)
class Place:
    """A cursor in the history of steps (keyset pagination)."""

    conversation_id: int = 0
    version: int = 0


def flow(tx: Tx, *, conversation_id: int | None, since_s: float, after: Place, size: int) -> list[Happened]:
    """A page of what happened, with what was said, in the order of each conversation."""
    return tx.rows(
        rows.HAPPENED, conversation_id=conversation_id, since_s=since_s, after=after.conversation_id,
        after_version=after.version, size=size,
    )  # fmt: skip

"""The commit of a turn: one transaction writes everything it decided, or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import Broken
from core.store.db import Tx
from core.store.path import inbox, outbox, records, sessions, steps, timers
from core.turn import Turn
from core.version import VERSION


def turns(tx: Tx, turns: Sequence[Turn], *, token: int, release: str = VERSION) -> list[Turn]:
    """Write these turns; several of one conversation follow each other, and are written together or not at all.
    Returns the turns that won; a conversation that is stale, or whose lease was lost, falls out alone and leaves nothing."""
    saved = sessions.save(tx, turns, token=token, release=release)
    won = [turn for turn in turns if turn.conversation_id in saved]
    if won:
        _finish(tx, won)
        steps.append(tx, won)
        records.insert(tx, won)
        timers.set(tx, won)
        outbox.put(tx, won)
    return won


def _finish(tx: Tx, won: Sequence[Turn]) -> None:
    finished = inbox.finish(tx, [(turn.event.id, turn.event.attempts + 1, turn.buried or None) for turn in won])
    if finished != len(won):
        raise Broken("an event took effect that was not waiting")

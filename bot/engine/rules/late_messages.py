"""Late messages after an outage: one apology instead of fifty late answers."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.engine.moves import rests, wake
from bot.script.draft import Draft
from bot.script.notes import LATE_UNTIL


def apologise(draft: Draft) -> str:
    """Answer the first late event of a backlog; stay silent for the others."""
    said_at = draft.spoken_at
    if not draft.from_customer or said_at is None or draft.late_s <= draft.settings.late_after_s:
        return ""
    draft.note = "late"
    until = _moment(draft.notes.get(LATE_UNTIL))
    if until is None or said_at > until:
        draft.notes[LATE_UNTIL] = draft.now.isoformat()
        _speak(draft)
    return "late"


def _speak(draft: Draft) -> None:
    if rests(draft):
        wake(draft)
    draft.say("late")
    draft.repeat()


def _moment(written: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at

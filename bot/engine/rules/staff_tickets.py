"""Tickets that staff get without a form: a question that no data answers, a complaint, an urgent call."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.script.draft import Draft
from bot.script.notes import FOR_STAFF
from core.turn import TicketAdded, TicketOpened

TOGETHER: Final = timedelta(hours=1)
"""So long what is written of the same kind goes on one ticket."""
LONGEST: Final = 500


def tell_staff(draft: Draft, kind: str, *, urgent: bool = False) -> str:
    """Open a ticket with what was written, or add it to the one of a moment ago. Its number."""
    words = (draft.event.text or str(draft.event.content.get("text") or "")).strip()[:LONGEST]
    known = draft.notes.get(FOR_STAFF, {})
    number, at = known.get(kind, ("", ""))
    if number and draft.now - datetime.fromisoformat(at) < TOGETHER:
        draft.keep(TicketAdded(number, words))
        return str(number)
    number = draft.ticket_number(kind)
    content = {"given": draft.given(), "at": f"{draft.flow}.{draft.state}" if draft.flow else ""}
    draft.keep(TicketOpened(number, kind, words, content, priority="urgent" if urgent else "normal"))
    draft.notes[FOR_STAFF] = {**known, kind: [number, draft.now.isoformat()]}
    return number

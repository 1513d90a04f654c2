"""Opt-out: a person who said STOP, to whichever of our numbers, hears nothing that the bot begins by itself."""

from __future__ import annotations

from bot.script.draft import Draft
from core.turn import OptOutSet

NOTE = "opted_out"
"""The note of earlier versions, in the session of one conversation."""
UNSAID = "opted out"


def record(draft: Draft) -> str:
    """The person turned our messages off or on in the platform's own settings: recorded, and not answered."""
    draft.keep(OptOutSet(bool(draft.event.content.get("out"))))
    return "opt_out"


def stands(draft: Draft) -> bool:
    return bool(draft.notes.get(NOTE) or draft.fact("opted_out", "person"))


def settle(draft: Draft) -> None:
    """Leave unsaid what the bot begins by itself, where the person opted out; what it changes holds all the same."""
    if draft.by_itself and (draft.said or draft.asking) and stands(draft):
        draft.said.clear()
        draft.hush()
        draft.note = "; ".join(part for part in (draft.note, UNSAID) if part)
    _record_note(draft)


def _record_note(draft: Draft) -> None:
    """An opt-out of an earlier version becomes the person's, unless this turn says otherwise."""
    if draft.notes.pop(NOTE, None) and not any(isinstance(record, OptOutSet) for record in draft.records):
        draft.keep(OptOutSet(out=True))

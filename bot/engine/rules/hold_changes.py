"""Holds that staff release: given back by the turn, and reported to the customer for whom they were kept."""

from __future__ import annotations

from bot.engine.moves import advance, rests
from bot.engine.rules import staff
from bot.script.draft import Draft
from core.turn import HoldReleased

RELEASED = "hold_released"
"""The trigger in a flow that has a row for it, and the phrase where it has none."""
NOTE_LENGTH = 300


def change(draft: Draft) -> str:
    """Release what is held for this customer; refused when it is held no more, or booked meanwhile."""
    content = draft.event.content
    key = str(content.get("key") or "")
    if content.get("action") != "release" or not draft.fact("own_hold", key):
        return staff.refuse(draft, "no longer held")
    draft.keep(HoldReleased(key))
    draft.by_itself = True
    if draft.agent is None and advance(draft, RELEASED):
        _note(draft)
        return "hold"
    draft.say(RELEASED)
    _note(draft)
    if not rests(draft) and draft.agent is None:
        draft.repeat()
    return "hold"


def _note(draft: Draft) -> None:
    if note := str(draft.event.content.get("note") or "").strip()[:NOTE_LENGTH]:
        draft.say("ticket_note", note=note)

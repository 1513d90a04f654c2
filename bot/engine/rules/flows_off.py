"""Flows that staff have switched off. A customer inside keeps everything, and continues when the flow is on again."""

from __future__ import annotations

from bot.engine.moves import advance, all_given, rests
from bot.script.draft import Draft
from bot.script.notes import MEANWHILE


def inside(draft: Draft) -> bool:
    """Whether the conversation stands in a flow that is off."""
    return not rests(draft) and draft.off(draft.flow)


def resume(draft: Draft) -> None:
    """It is on again: what was given meanwhile counts as told just now."""
    if not inside(draft):
        meanwhile = draft.notes.pop(MEANWHILE, ())
        draft.taken += tuple(slot for slot in meanwhile if slot in draft.slots and slot not in draft.taken)


def hold(draft: Draft) -> str:
    """Fill the form but pause its next step while the flow is switched off. Photos are still accepted."""
    if not inside(draft) or draft.event.kind == "image" or draft.intent == "person":
        return ""
    if draft.taken:
        draft.notes[MEANWHILE] = [*draft.notes.get(MEANWHILE, ()), *draft.taken]
    draft.repeat()
    return "maintenance"


def settle(draft: Draft) -> None:
    """Last of all: a flow that is off asks nothing, and one that is on again takes what it was given meanwhile."""
    if not draft.asking or rests(draft):
        return
    if draft.off(draft.flow):
        draft.say("desk_waits" if draft.flow == draft.before.desk.menu else "flow_waits")
        draft.hush()
    elif all_given(draft):
        advance(draft, "told")

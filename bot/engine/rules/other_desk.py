"""Tenant isolation: a contact who belongs to another desk of the same owner is told where that is, and served nothing here."""

from __future__ import annotations

from bot.engine.rules import tongues
from bot.engine.when import other_desk_of
from bot.script.draft import Draft


def turn_away(draft: Draft) -> str:
    """Name the desk that the customer belongs to, and its number where it is known. The session stays as it is."""
    other = other_desk_of(draft.event)
    if other is None or draft.agent is not None:
        return ""
    draft.note = "belongs to another desk"
    tongues.speak_alike(draft)
    name, number = other.get("name", ""), other.get("number", "")
    draft.say("other_desk_number" if number else "other_desk", name=name, **({"number": number} if number else {}))
    draft.hush()
    return "other_desk"

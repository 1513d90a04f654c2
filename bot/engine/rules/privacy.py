"""The privacy notice as one line of the first answer, where the desk wants it so: help comes first, and a no is heard."""

from __future__ import annotations

from bot.engine.moves import rest
from bot.script.draft import Draft
from bot.script.notes import VISITOR

LINE = "line"
DECLINES = "decline"


def notice(draft: Draft) -> None:
    """Say once, beneath the first answer, what is kept; who goes on agrees. The name is the profile's."""
    known = draft.notes.get(VISITOR) or {}
    if draft.desk_settings.consent != LINE or not draft.from_customer or "consent_at" in known:
        return
    draft.notes[VISITOR] = {"name": draft.name, **known, "consent_at": draft.now.isoformat()}
    draft.closing.append(draft.words("privacy_line", policy=draft.desk_settings.policy))


def let_go(draft: Draft) -> str:
    """Forget a customer who declines."""
    if draft.desk_settings.consent != LINE or draft.intent != DECLINES or not draft.from_customer:
        return ""
    draft.notes.pop(VISITOR, None)
    draft.forget(*draft.slots)
    draft.closing.clear()
    draft.say("privacy_declined")
    rest(draft, "rested")
    return DECLINES

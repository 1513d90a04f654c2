"""Privacy warning to a customer who writes personal data: once, where the desk wants it."""

from __future__ import annotations

from bot.script.draft import Draft
from core import pii

CAUTIONED = "cautioned"
"""A note: the caution was given."""


def caution(draft: Draft) -> str:
    """Say that passwords and bank data are better not sent; it answers nothing itself."""
    wanted = draft.desk_settings.caution and not draft.notes.get(CAUTIONED)
    if wanted and draft.event.kind == "text" and pii.mask(draft.event.text) != draft.event.text:
        draft.notes[CAUTIONED] = True
        draft.say("send_no_secrets")
    return ""

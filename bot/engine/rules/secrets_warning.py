"""Privacy warning to a customer who writes personal data: once, where the desk wants it."""

from __future__ import annotations

import re
from typing import Final

from bot.script.draft import Draft
from bot.script.notes import CAUTIONED
from core import pii

SIGNS: Final = re.compile(f"{pii.MAY_HOLD.pattern}|[^\x00-\x7fáéíóúüñÁÉÍÓÚÜÑ¿¡]", re.IGNORECASE)
"""Every text with personal data has one of these: its own signs, or a character that may hide them."""


def caution(draft: Draft) -> None:
    """Say that passwords and bank data are better not sent."""
    wanted = draft.desk_settings.caution and not draft.notes.get(CAUTIONED)
    if wanted and draft.event.kind == "text" and pii.mask(draft.event.text) != draft.event.text:
        draft.notes[CAUTIONED] = True
        draft.say("send_no_secrets")

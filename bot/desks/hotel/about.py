"""Whether a message after a ticket is about that ticket: what guests come for is another matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.desks import serving
from bot.script.draft import Draft

OF_A_STAY: Final = frozenset({"arrives", "leaves", "nights", "parties", "room", "reference", "wanted", "unsure"})


def about(draft: Draft, case: Mapping[str, Any]) -> str:
    """ "other" where something else is wished for; else nothing is known."""
    wished = draft.intent in serving(draft.before.desk).interrupts or OF_A_STAY & {*draft.guesses}
    return "other" if wished else ""

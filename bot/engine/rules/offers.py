"""Offers beside a question that wait for a yes: “shall a person help you?”

It is kept for one message. A yes means the offer, unless the question itself asks for a yes
or a no; whatever else is said lets it lapse.
"""

from __future__ import annotations

from bot.engine.moves import flow_of
from bot.script.draft import Draft
from bot.script.notes import PENDING


def resolve(draft: Draft) -> None:
    """Take a yes for what was offered."""
    if not draft.from_customer:
        return
    offered = draft.notes.pop(PENDING, "")
    if offered and draft.intent == "yes" and flow_of(draft).states[draft.state].expects != "yes_no":
        draft.intent = str(offered)

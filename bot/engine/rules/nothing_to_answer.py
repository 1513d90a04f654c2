"""Messages without words: nothing to answer, not needed now, or not readable."""

from __future__ import annotations

from bot.script.draft import Draft
from core.messages import SILENT
from core.turn import MediaWanted

READABLE = frozenset({"text", "choice", "media_result", "request_welcome"})
NOT_NOW = {"image": "photo_not_needed", "location": "place_not_needed", "audio": "please_type"}


def pass_over(draft: Draft) -> str:
    """A reaction, a notice: a turn that says nothing."""
    if draft.event.kind not in SILENT:
        return ""
    draft.note = "nothing to answer"
    return draft.event.kind


def decline(draft: Draft) -> str:
    """Politely decline content that neither the flow nor the bot can read, and repeat the question."""
    kind = draft.event.kind
    if kind in READABLE or (kind == "location" and "location" in draft.refused):
        return ""
    if kind == "audio" and draft.ai_on:
        draft.keep(MediaWanted("audio", str(draft.event.content.get("media_id", "")), "voice"))
        draft.say("listening")
    else:
        draft.say(NOT_NOW.get(kind, "cannot_read"))
        draft.repeat()
    return kind

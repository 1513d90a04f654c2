"""Announcements stay within the window of their channel: after it, nothing but a paid template would go."""

from __future__ import annotations

from bot import channels
from bot.script.draft import Draft

UNSAID = "not told: the 24 hours are over"


def settle(draft: Draft) -> None:
    """Leave an announcement unsaid where the window is shut; what it announces holds all the same."""
    if not draft.announcing or not is_shut(draft) or not (draft.said or draft.asking):
        return
    draft.said.clear()
    draft.hush()
    draft.note = "; ".join(part for part in (draft.note, UNSAID) if part)


def is_shut(draft: Draft) -> bool:
    """Whether the window of the channel is shut: nothing but a template may go."""
    window_s = channels.of(draft.event.channel_kind).window_s(draft.settings)
    if window_s is None:
        return False
    heard_at = draft.before.heard_at
    return heard_at is None or (draft.now - heard_at).total_seconds() >= window_s

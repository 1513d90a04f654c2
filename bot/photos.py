"""Photos as the conversation sees them: wanted for something, and told about at once."""

from __future__ import annotations

from bot.draft import Draft


def look(draft: Draft, purpose: str) -> None:
    """Have it looked into, and say so; the question stands, and comes again with what is found."""
    draft.want_photo(purpose)
    waiting = draft.fact("photos_waiting", "all") or 0
    draft.say("many_photos" if waiting >= draft.settings.media_busy_from else "looking_at_photo")
    draft.hush()

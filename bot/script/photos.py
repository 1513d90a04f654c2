"""Photos in a conversation: their purpose, the immediate reply, and the limit."""

from __future__ import annotations

from bot.script.draft import Draft
from bot.script.notes import VISITOR


def look(draft: Draft, purpose: str) -> None:
    """Have it looked into, and say so; the question stands, and comes again with what is found."""
    if not _room(draft):
        return
    draft.want_photo(purpose)
    waiting = draft.fact("photos_waiting", "all") or 0
    draft.say("many_photos" if waiting >= draft.settings.media_busy_from else "looking_at_photo")
    draft.hush()


def keep(draft: Draft) -> None:
    """Have it kept with the case; nobody looks for anything in it."""
    if _room(draft):
        draft.want_photo("evidence")
        draft.say("photo_kept")


def _room(draft: Draft) -> bool:
    """Whether the desk takes one more of this session. The one for which there is no room is answered here."""
    most = draft.desk_settings.photos
    known = dict(draft.notes.get(VISITOR) or {})
    seen = int(known.get("photos", 0))
    if most and seen >= most:
        draft.say("enough_photos", most=most)
        draft.repeat()
        return False
    if most:
        draft.notes[VISITOR] = {**known, "photos": seen + 1}
    return True

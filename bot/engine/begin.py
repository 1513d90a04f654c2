"""How a step begins: a draft that knows its desk's settings and what its channel lets us say."""

from __future__ import annotations

from datetime import datetime

from bot import channels
from bot.desks import settings_of
from bot.nlu import names
from bot.script.draft import Draft
from core.messages import Event
from core.reading import Reading
from core.session import Session
from core.settings import Settings


def draft_of(session: Session, event: Event, reading: Reading, now: datetime, settings: Settings) -> Draft:
    """A draft in which nothing is decided yet. Raises Broken when there is no such channel."""
    channel = channels.of(event.channel_kind)
    window_s = channel.window_s(settings)
    draft = Draft.of(session, event, reading, now, settings, settings_of(session.desk), channel.limits, window_s)
    draft.name = names.of_profile((event.sender.name if event.sender else "") or session.contact_name)
    return draft

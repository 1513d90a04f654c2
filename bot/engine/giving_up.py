"""The turn of a dead letter: it changes only the version, and tells the customer that the message failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.engine import replies
from bot.engine.begin import draft_of
from core.messages import Event
from core.reading import Reading
from core.session import Session
from core.settings import Settings
from core.turn import Turn


def bury(session: Session, event: Event, why: str, now: datetime, settings: Settings) -> Turn:
    """The event becomes a dead letter; who wrote it and waits is told so, unless a person holds the conversation."""
    draft = draft_of(session, event, Reading(), now, settings)
    if draft.from_customer and draft.agent is None:
        draft.say("buried")
    return Turn(
        event=event,
        before=session,
        after=replace(session, version=draft.version, heard_at=now if draft.from_customer else session.heard_at),
        trigger="buried",
        replies=replies.of(draft),
        buried=why,
    )

"""How a step begins: the stored session as today's flows understand it, and a draft in which nothing is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot import channels
from bot.desks import FLOWS, settings_of
from bot.nlu import names
from bot.script.draft import Draft
from core.messages import Event
from core.reading import Reading
from core.session import SET_ASIDE, Session, Slot
from core.settings import Settings

UNREADABLE = "session could not be read"
VANISHED = "state no longer exists"


def draft_of(session: Session, event: Event, reading: Reading, now: datetime, settings: Settings) -> Draft:
    """A draft that knows its desk's settings and what its channel lets us say. Raises Broken when there is no such channel."""
    limits = channels.of(event.channel_kind).limits
    draft = Draft.of(session, event, reading, now, settings, settings_of(session.desk), limits)
    if written := (event.sender.name if event.sender else "") or session.contact_name:
        draft.name = names.of_profile(written)
    return draft


def mend(session: Session) -> tuple[Session, str]:
    """The session as today's flows understand it, and what had to be done about it."""
    if not _readable(session):
        return _fresh(session), UNREADABLE
    if not session.flow:
        return session, UNREADABLE if SET_ASIDE in session.notes else ""
    flow = FLOWS.get(session.flow)
    state = flow.renamed.get(session.state, session.state) if flow else ""
    if flow is None or state not in flow.states:
        return _at_the_menu(session), VANISHED
    if state == session.state and flow.version == session.flow_version:
        return session, ""
    return replace(session, state=state, flow_version=flow.version), ""


def _readable(session: Session) -> bool:
    return (
        isinstance(session.notes, Mapping)
        and isinstance(session.slots, Mapping)
        and isinstance(session.timers, Mapping)
        and all(isinstance(slot, Slot) for slot in session.slots.values())
    )


def _fresh(session: Session) -> Session:
    """A new session of the same conversation; its version continues, because the history does."""
    return Session(
        session.conversation_id,
        session.desk,
        version=session.version,
        language=session.desk.language,
        agent=session.agent,
        heard_at=session.heard_at,
        contact_name=session.contact_name,
    )


def _at_the_menu(session: Session) -> Session:
    """In the menu, with what was given kept."""
    menu = FLOWS[session.desk.menu]
    return replace(session, flow=menu.name, flow_version=menu.version, state=menu.begins, asked="")

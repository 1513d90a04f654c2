"""Loads everything that a conversation's page shows, in one read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from core.store.db import Tx
from core.store.staff import conversations
from core.store.staff.conversations import Below
from core.store.staff.rows.conversations import Conversation, ShownPhoto, TicketOfConversation, Timer
from dashboard.conversation.outcomes import Outcome, outcome_of
from dashboard.conversation.transcript import Transcript, read


@dataclass(frozen=True, slots=True)
class Loaded:
    found: Conversation
    transcript: Transcript
    timers: list[Timer]
    tickets: list[TicketOfConversation]
    photos: dict[int, ShownPhoto]
    """By the event that brought them."""
    outcome: Outcome | None
    """The outcome of the button that was just pressed."""

    @property
    def slots(self) -> dict[str, Any]:
        """The slots that the customer filled: value, confidence, source."""
        slots = self.found.memory.get("slots") if isinstance(self.found.memory, dict) else None
        return slots if isinstance(slots, dict) else {}

    @property
    def notes(self) -> dict[str, Any]:
        notes = self.found.memory.get("notes") if isinstance(self.found.memory, dict) else None
        return notes if isinstance(notes, dict) else {}


def load(
    tx: Tx, id: int, below: Below, *, desks: list[str] | None, pressed: int | None, now: datetime
) -> Loaded | None:
    """Load one conversation; None when it does not exist or the viewer may not see its desk."""
    found = conversations.find(tx, id, desks=desks)
    if found is None:
        return None
    event = conversations.event(tx, id, pressed) if pressed else None
    return Loaded(
        found,
        read(tx, id, below),
        conversations.timers(tx, id),
        conversations.tickets(tx, id),
        {row.event_id: row for row in conversations.photos(tx, id)},
        outcome_of(event, now) if event else None,
    )


def shuts_at(found: Conversation, window_s: float | None) -> datetime | None:
    """Until when anything may be said; None where there is no such time."""
    if window_s is None:
        return None
    since: datetime = found.heard_at or found.created_at - timedelta(seconds=window_s)
    return since + timedelta(seconds=window_s)


def left(until: datetime, now: datetime) -> str:
    """`3 h 12 min`; nothing when it is over."""
    minutes = int((until - now).total_seconds() // 60)
    if minutes < 0:
        return ""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def key(value: object) -> str:
    """Another one when anything in it is another."""
    return blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

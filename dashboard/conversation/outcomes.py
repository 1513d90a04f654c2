"""Outcomes of staff actions: waiting for the turn, done, or refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.store.staff.rows.conversations import EventPage

LONG_S = 15.0
"""A worker takes an event in less."""
DONE = {
    "take_over": "You hold this conversation now.",
    "answer": "Said.",
    "release": "Released: the bot goes on.",
    "reset": "Put elsewhere.",
    "close": "Closed.",
    "say_again": "Said again.",
}
REFUSED = {
    "already held by somebody else": "somebody else holds it already, and was faster.",
    "held by somebody else": "somebody else holds it.",
    "not held by who answers": "you do not hold it (any more), so nothing was said. Take it over first.",
    "a flow of another desk": "that flow is another desk's.",
    "not held": "nobody holds it: it was released, or closed, before.",
    "nothing to say": "there was nothing to say.",
    "nobody named": "it did not say who you are.",
    "it arrived meanwhile": "the message arrived meanwhile, so it was not said again.",
    "no such message": "there is no such message.",
    "it is so already": "it is so already.",
    "changed meanwhile": "somebody was faster, and it is no longer what your page showed.",
    "no such ticket": "the ticket is gone.",
    "no longer held": "it is held no more: its time was over, or it was booked meanwhile.",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    event_id: int
    kind: Literal["waiting", "good", "bad"]
    text: str
    words: str = ""
    """The text that staff wrote, where it was not said."""

    @property
    def waits(self) -> bool:
        return self.kind == "waiting"


def outcome_of(event: EventPage, now: datetime) -> Outcome:
    """Told from the event and its turn, never from what was wanted."""
    if event.state == "waiting":
        return Outcome(event.id, "waiting", _waiting(event, now))
    if event.state == "buried":
        why = event.error or "nobody knows why"
        return Outcome(event.id, "bad", f"It failed, and is a dead letter now: {why}", _words(event))
    if event.trigger == "agent_refused":
        why = REFUSED.get(event.note or "", event.note or "nobody knows why.")
        return Outcome(event.id, "bad", f"Refused: {why} Nothing was changed.", _words(event))
    return Outcome(event.id, "good", _done(event))


def _words(event: EventPage) -> str:
    return str(event.content.get("text") or event.content.get("note") or "")


def _waiting(event: EventPage, now: datetime) -> str:
    if (now - event.received_at).total_seconds() < LONG_S:
        return "Waiting for the worker…"
    tries = f" It was tried {event.attempts} times: {event.error}." if event.error else ""
    return f"No worker has finished it yet.{tries} It is kept, and will be done."


def _done(event: EventPage) -> str:
    if event.kind == "ticket":
        return _ticket(event)
    if event.kind in ("errand", "hold"):
        return f"{'Settled' if event.kind == 'errand' else 'Released'}. {_effect(event)}"
    action = str(event.content.get("action")) if event.kind == "agent" else ""
    stood = f"{event.from_flow}.{event.from_state}" if event.from_flow else "nowhere yet"
    stands = f"{event.to_flow}.{event.to_state}" if event.to_flow else "nowhere yet"
    where = {"take_over": f" It stands at {stands}.", "release": f" It stands at {stands}."}.get(action, "")
    moved = f" It stood at {stood}, and stands at {stands}." if action in ("reset", "close") else ""
    return f"{DONE.get(action, 'Done.')}{where}{moved}"


def _ticket(event: EventPage) -> str:
    number, status = event.content.get("number"), str(event.content.get("status", "")).replace("_", " ")
    if not status:
        return f"{event.content.get('name') or event.content.get('assignee') or 'Nobody'} looks after {number} now."
    return f"{number} is {status} now. {_effect(event)}"


def _effect(event: EventPage) -> str:
    return "The customer wants to hear nothing." if event.note == "opted out" else "The customer is told."

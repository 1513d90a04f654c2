"""The rows that the queries of the chat give."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from core.store.query import Query

Json = Any
"""What `jsonb` holds: a mapping, a list, a text, a number."""


class Asked(NamedTuple):
    requests: int
    failures: int
    vision: int
    voice: int


class Chat(NamedTuple):
    messages: int
    active: int
    sessions: int


class Crew(NamedTuple):
    workers: int
    ai_rests: bool


class Errors(NamedTuple):
    buried: int
    failed: int
    last_buried_at: datetime | None


class Storage(NamedTuple):
    bytes: int


class TicketsByStatus(NamedTuple):
    status: str
    number: int


class Uploads(NamedTuple):
    total: int
    success: int
    failed: int
    waiting: int
    average_s: float
    bytes: int
    kept: int


class Held(NamedTuple):
    held: int
    oldest_at: float


class Taken(NamedTuple):
    took: bool
    held: int
    oldest_at: float | None


class LinkedTicket(NamedTuple):
    number: str
    kind: str
    status: str
    summary: str
    created_at: datetime
    resolved_at: datetime | None
    desk_name: str
    timezone: str
    language: str
    zone: str
    key: str
    expires_at: datetime
    desk_id: str
    conversation_id: int | None
    channel_kind: str | None
    assigned: bool
    added: Json
    expected_at: str | None
    calls_within_h: float | None
    phone: str


class TicketSteps(NamedTuple):
    assigned_at: datetime | None
    begun_at: datetime | None
    cancelled_at: datetime | None
    waiting: int


class Usual(NamedTuple):
    median_s: float


class OwnTicket(NamedTuple):
    number: str
    kind: str
    status: str
    summary: str
    created_at: datetime


class Escalated(NamedTuple):
    number: str
    summary: str
    language: str
    phone: str


class OpenedLink(NamedTuple):
    key: str
    expires_at: datetime


class Answer(NamedTuple):
    external_id: str
    event_id: int
    conversation_id: int
    event_state: str
    flow: str
    state: str
    id: int | None
    kind: str | None
    text: str | None
    content: Json | None
    created_at: datetime | None
    ticket: str | None


class FirstAnswer(NamedTuple):
    median_s: float


class Busy(NamedTuple):
    people: int


class WebSession(NamedTuple):
    secret_hash: str
    csrf_token: str
    locale: str
    created_at: datetime
    spoke_at: datetime | None
    channel_id: int
    address: str
    desk_id: str | None
    conversation_id: int | None
    contact_id: int | None
    flow: str | None
    state: str | None
    language: str | None
    stale: bool


class Line(NamedTuple):
    at: datetime
    who: str
    kind: str
    text: str
    content: Json
    event_id: int | None
    outbound_id: int | None
    external_id: str | None
    delivery: str | None
    ticket: str | None


class Opened(NamedTuple):
    secret_hash: str


class Place(NamedTuple):
    address: str
    desk_id: str | None
    name: str
    language: str


class Present(NamedTuple):
    created_at: datetime
    seen_at: datetime
    locale: str
    desk: str | None
    conversation_id: int | None
    flow: str | None
    state: str | None


class Shown(NamedTuple):
    photos: int


class Written(NamedTuple):
    at: datetime
    who: str
    kind: str
    text: str
    event_id: int
    outbound_id: int


class Unseen(NamedTuple):
    id: int


ASKED = Query("figures.asked", Asked)
CHAT = Query("figures.chat", Chat)
CREW = Query("figures.crew", Crew)
ERRORS = Query("figures.errors", Errors)
STORAGE = Query("figures.storage", Storage)
TICKETS = Query("figures.tickets", TicketsByStatus)
UPLOADS = Query("figures.uploads", Uploads)
HELD = Query("limits.stands", Held)
TAKEN = Query("limits.take", Taken)
LINKED = Query("links.find", LinkedTicket)
STEPS = Query("links.steps", TicketSteps)
USUAL = Query("links.usual", Usual)
MINE = Query("links.mine", OwnTicket)
NEWEST_OPEN = Query("links.newest_open", Escalated)
OWN = Query("links.own", Escalated)
OPENED = Query("links.open", OpenedLink)
ANSWERS = Query("web.answers", Answer)
FIRST_ANSWER = Query("facts.first_answer_of_desk", FirstAnswer)
BUSY = Query("web.busy", Busy)
WEB_SESSION = Query("web.find", WebSession)
LINES = Query("web.lines", Line)
OPENED_SESSION = Query("web.open", Opened)
PLACES = Query("web.places", Place)
PRESENT = Query("web.present", Present)
SHOWN = Query("web.shown", Shown)
WRITTEN = Query("web.transcript", Written)
UNSEEN = Query("web.unseen", Unseen)

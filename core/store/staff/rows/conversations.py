"""The rows that the queries about conversations give."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from core.store.query import Query

Json = Any
"""What `jsonb` holds: a mapping, a list, a text, a number."""


class Answer(NamedTuple):
    id: int
    kind: str
    text: str
    content: Json
    state: str
    error_code: int | None
    error: str | None
    at: datetime


class Around(NamedTuple):
    heard: int
    step: int | None
    said: int | None


class EventPage(NamedTuple):
    id: int
    kind: str
    text: str
    content: Json
    state: str
    attempts: int
    retries: int
    error: str | None
    received_at: datetime
    sent_at: datetime | None
    finished_at: datetime | None
    version: int | None
    trigger: str | None
    note: str | None
    from_flow: str | None
    from_state: str | None
    to_flow: str | None
    to_state: str | None
    stepped_at: datetime | None


class Conversation(NamedTuple):
    id: int
    contact_id: int
    created_at: datetime
    desk: str | None
    desk_name: str | None
    timezone: str | None
    menu: str | None
    channel_kind: str
    address: str
    fallback_template: Json | None
    paused: bool
    paused_why: str
    name: str
    opted_out_at: datetime | None
    alias_kind: str | None
    alias: str | None
    version: int
    flow: str
    flow_version: int
    state: str
    language: str
    memory: Json
    agent: str | None
    agent_name: str | None
    heard_at: datetime | None
    updated_at: datetime
    leased: bool
    person: str | None


class Heard(NamedTuple):
    id: int
    kind: str
    text: str | None
    characters: int
    content: Json
    state: str
    attempts: int
    retries: int
    error: str | None
    at: datetime
    sent_at: datetime | None
    finished_at: datetime | None


class ListedConversation(NamedTuple):
    id: int
    desk: str | None
    channel_kind: str
    name: str
    alias: str | None
    flow: str
    state: str
    version: int
    agent: str | None
    agent_name: str | None
    heard_at: datetime | None
    updated_at: datetime
    person_wanted_at: str | None
    heard_kind: str | None
    heard_text: str | None
    received_at: datetime | None
    said_kind: str | None
    said_text: str | None
    said_state: str | None
    said_at: datetime | None
    said_by: str | None


class PhotoPlace(NamedTuple):
    sha256: str
    conversation_id: int
    desk: str | None


class ShownPhoto(NamedTuple):
    id: int
    event_id: int
    purpose: str
    received_at: datetime


class Said(NamedTuple):
    id: int
    event_id: int | None
    kind: str
    text: str | None
    characters: int
    content: Json
    state: str
    initiative: bool
    attempts: int
    unknowns: int
    error_code: int | None
    error: str | None
    at: datetime
    due_at: datetime | None
    settle_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None


class Step(NamedTuple):
    version: int
    event_id: int
    from_flow: str
    from_state: str
    to_flow: str
    to_state: str
    trigger: str
    origin: str
    reading: Json | None
    replies: int
    note: str
    at: datetime


class TicketOfConversation(NamedTuple):
    number: str
    kind: str
    status: str
    summary: str
    event_id: int
    created_at: datetime
    resolved_at: datetime | None


class Timer(NamedTuple):
    name: str
    due_at: datetime
    rest_s: float | None
    set_at_version: int


class Unsettled(NamedTuple):
    id: int
    state: str


class Walked(NamedTuple):
    updated_at: datetime
    id: int


ANSWERS = Query("conversations.answers", Answer)
AROUND = Query("conversations.around", Around)
EVENT = Query("conversations.event", EventPage)
CONVERSATION = Query("conversations.find", Conversation)
HEARD = Query("conversations.heard", Heard)
LISTED = Query("conversations.page", ListedConversation)
PHOTO = Query("conversations.photo", PhotoPlace)
PHOTOS = Query("conversations.photos", ShownPhoto)
SAID = Query("conversations.said", Said)
STEPS = Query("conversations.steps", Step)
TICKETS = Query("conversations.tickets", TicketOfConversation)
TIMERS = Query("conversations.timers", Timer)
UNSETTLED = Query("conversations.unsettled", Unsettled)
WALKED = Query("conversations.walked", Walked)

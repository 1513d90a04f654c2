"""The rows that the queries about tickets give."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from core.store.query import Query

Json = Any
"""What `jsonb` holds: a mapping, a list, a text, a number."""


class AskedOf(NamedTuple):
    id: int
    at: datetime
    by: str | None
    by_name: str | None
    after: str | None
    is_status: bool
    state: str


class Assignee(NamedTuple):
    email: str
    name: str


class TicketOf(NamedTuple):
    number: str
    kind: str
    status: str
    desk_id: str
    conversation_id: int | None
    created_at: datetime
    resolved_at: datetime | None
    assignee: str | None


class Change(NamedTuple):
    at: datetime
    by: str
    by_name: str | None
    what: str
    before: str
    after: str
    note: str


class Kind(NamedTuple):
    kind: str


class TicketPage(NamedTuple):
    number: str
    desk: str
    desk_name: str
    kind: str
    status: str
    priority: str
    assignee: str | None
    assignee_name: str | None
    conversation_id: int | None
    event_id: int
    summary: str
    content: Json
    created_at: datetime
    resolved_at: datetime | None
    contact_name: str | None
    alias: str | None
    survey: str | None
    survey_comment: str | None


class NewestTicket(NamedTuple):
    number: str
    kind: str
    status: str
    desk_id: str
    created_at: datetime


class ListedTicket(NamedTuple):
    number: str
    desk: str
    kind: str
    status: str
    assignee: str | None
    assignee_name: str | None
    conversation_id: int | None
    priority: str
    summary: str
    created_at: datetime
    resolved_at: datetime | None
    pin: Json | None
    address: str | None


class TicketPhoto(NamedTuple):
    id: int
    purpose: str
    received_at: datetime


class Rating(NamedTuple):
    question: int
    rating: int
    short: str | None


class WalkedTicket(NamedTuple):
    created_at: datetime
    number: str


ASKED = Query("tickets.asked", AskedOf)
ASSIGNEES = Query("tickets.assignees", Assignee)
TICKET = Query("tickets.find", TicketOf)
HISTORY = Query("tickets.history", Change)
TICKET_KINDS = Query("tickets.kinds", Kind)
TICKET_PAGE = Query("tickets.in_full", TicketPage)
NEWEST = Query("tickets.newest", NewestTicket)
LISTED_TICKETS = Query("tickets.page", ListedTicket)
TICKET_PHOTOS = Query("tickets.photos", TicketPhoto)
RATINGS = Query("tickets.ratings", Rating)
WALKED_TICKETS = Query("tickets.walked", WalkedTicket)

"""The rows that the queries of facts give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from core.store.query import Query

Json = Mapping[str, Any]


class TicketFact(NamedTuple):
    conversation_id: int
    key: str
    number: str
    kind: str
    status: str
    summary: str
    content: Json
    created_at: datetime
    mine: bool


class OwnTicket(NamedTuple):
    conversation_id: int
    key: str
    status: str
    assignee: str


class OutboundFact(NamedTuple):
    conversation_id: int
    key: str
    text: str
    kind: str
    content: Json
    open: bool


class BookingFact(NamedTuple):
    conversation_id: int
    key: str
    booking: Json


class OwnHold(NamedTuple):
    conversation_id: int
    key: str
    until: datetime


class PhotosWaiting(NamedTuple):
    waiting: int


class FirstAnswer(NamedTuple):
    conversation_id: int
    median_s: float


class OptedOut(NamedTuple):
    conversation_id: int
    opted_out: bool


TICKET = Query("facts.ticket", TicketFact)
MY_TICKETS = Query("facts.my_tickets", TicketFact)
OWN_TICKET = Query("facts.own_ticket", OwnTicket)
BOOKINGS = Query("facts.bookings", BookingFact)
OWN_HOLD = Query("facts.own_hold", OwnHold)
OUTBOUND = Query("facts.outbound", OutboundFact)
FIRST_ANSWER = Query("facts.first_answer", FirstAnswer)
PHOTOS_WAITING = Query("facts.photos_waiting", PhotosWaiting)
OPTED_OUT = Query("facts.opted_out", OptedOut)

"""The rows that the queries about bookings and holds give to staff."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from core.store.query import Query

Json = Any
"""What `jsonb` holds: a mapping, a list, a text, a number."""


class ListedBooking(NamedTuple):
    id: int
    desk: str
    reference: str
    resource: str
    title: str | None
    lower: datetime
    upper: datetime
    timezone: str
    amount: Decimal
    currency: str
    state: str
    attention: str
    guest: str
    created_at: datetime


class Walked(NamedTuple):
    id: int


class HeldNow(NamedTuple):
    id: int
    desk: str
    resource: str
    units: list[str]
    lower: datetime
    upper: datetime
    timezone: str
    until: datetime
    contact_name: str | None
    alias: str | None


class AskedErrand(NamedTuple):
    id: int
    desk: str
    service: str
    what: str
    key: str
    state: str
    wanted: int
    wanted_at: datetime
    conversation_id: int
    content: Json
    error: str | None
    contact_name: str | None
    alias: str | None
    booking_id: int | None
    hold_id: int | None


class BookingPage(NamedTuple):
    id: int
    desk: str
    desk_name: str
    timezone: str
    menu: str
    conversation_id: int | None
    quote_id: int | None
    key: str
    hold_key: str
    reference: str
    resource: str
    lower: datetime
    upper: datetime
    amount: Decimal
    currency: str
    state: str
    attention: str
    content: Json
    source: str
    created_at: datetime
    changed_at: datetime
    contact_name: str | None
    alias: str | None


class HoldPage(NamedTuple):
    id: int
    desk: str
    desk_name: str
    timezone: str
    menu: str
    conversation_id: int | None
    key: str
    resource: str
    unit: str
    lower: datetime
    upper: datetime
    state: str
    until: datetime
    created_at: datetime
    contact_name: str | None
    alias: str | None
    booking_id: int | None


class HoldOf(NamedTuple):
    id: int
    number: int
    resource: str
    unit: str
    lower: datetime
    upper: datetime
    state: str
    until: datetime
    kept: int
    created_at: datetime


class Act(NamedTuple):
    act: str
    unit: str
    until: datetime | None
    at: datetime


class QuoteOf(NamedTuple):
    id: int
    resource: str
    title: str | None
    lower: datetime
    upper: datetime
    amount: Decimal
    tax: Decimal
    currency: str
    source: str
    read_at: datetime
    good_until: datetime
    over: bool
    created_at: datetime


class ErrandOf(NamedTuple):
    id: int
    service: str
    what: str
    key: str
    state: str
    attempts: int
    wanted: int
    error: str | None
    content: Json
    result: Json | None
    answer: Json | None
    created_at: datetime
    wanted_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None


class TicketOf(NamedTuple):
    number: str
    kind: str
    status: str
    priority: str
    summary: str
    hold_key: str
    """The key of the hold that it is about; empty when it is about none."""
    content: Json
    created_at: datetime


class Receipt(NamedTuple):
    number: str
    desk: str
    kind: str
    summary: str
    created_at: datetime
    hold_id: int


class PhotoOf(NamedTuple):
    id: int
    purpose: str
    received_at: datetime


class Audited(NamedTuple):
    at: datetime
    who: str
    name: str | None
    did: str
    why: str


class Unit(NamedTuple):
    unit: str


class Told(NamedTuple):
    id: int


LISTED = Query("staff_bookings.page", ListedBooking)
WALKED = Query("staff_bookings.walked", Walked)
HELD = Query("staff_bookings.held", HeldNow)
ASKED = Query("staff_bookings.asked", AskedErrand)
ONE_ASKED = Query("staff_bookings.one_asked", AskedErrand)
PAGE = Query("staff_bookings.in_full", BookingPage)
HOLD = Query("staff_bookings.hold", HoldPage)
HOLDS = Query("staff_bookings.holds", HoldOf)
ACTS = Query("staff_bookings.acts", Act)
QUOTES = Query("staff_bookings.quotes", QuoteOf)
ERRANDS = Query("staff_bookings.errands", ErrandOf)
TOLD = Query("staff_bookings.told_of", Told)
TICKETS = Query("staff_bookings.tickets", TicketOf)
RECEIPTS = Query("staff_bookings.receipts", Receipt)
PHOTOS = Query("staff_bookings.photos", PhotoOf)
AUDITED = Query("staff_bookings.audited", Audited)
UNITS = Query("staff_bookings.units", Unit)

"""The rows that the queries of quotes, holds and bookings give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from core.store.query import Query

Json = Mapping[str, Any]


class UsedProof(NamedTuple):
    kind: str
    conversation_id: int
    subject: str


USED_PROOFS = Query("proofs.use", UsedProof)


class Hold(NamedTuple):
    """A unit that somebody has for a period: until a time while it is held, for good once it is booked."""

    id: int
    key: str
    number: int
    resource: str
    unit: str
    lower: datetime
    upper: datetime
    state: str
    until: datetime
    kept: int
    """How many times its owner had it prolonged."""


class Unit(NamedTuple):
    resource: str
    unit: str


class Counted(NamedTuple):
    holds: int


class Stays(NamedTuple):
    stays: int


class Quote(NamedTuple):
    """A price that was told to somebody: for what, read from where and when, and good until."""

    id: int
    desk_id: str
    conversation_id: int
    number: int
    resource: str
    lower: datetime
    upper: datetime
    amount: Decimal
    """All of it, with tax."""
    tax: Decimal
    currency: str
    content: Json
    source: str
    read_at: datetime
    good_until: datetime
    over: bool


class Booking(NamedTuple):
    """A place that was asked for under our key: `unknown` until its outcome is known."""

    id: int
    desk_id: str
    conversation_id: int | None
    quote_id: int | None
    key: str
    hold_key: str
    reference: str
    """The number that its customer knows it by."""
    resource: str
    lower: datetime
    upper: datetime
    amount: Decimal
    currency: str
    state: str
    attention: str
    """A word for what a person must look at; empty when nothing is wrong."""
    content: Json
    source: str
    created_at: datetime


TAKEN_UNITS = Query("holds.taken", Unit)
COUNTED = Query("holds.counted", Counted)
LIVE = Query("holds.live", Hold)
TAKE = Query("holds.take", Hold)
KEEP = Query("holds.keep", Hold)
BOOK = Query("holds.book", Hold)
MOVE = Query("holds.move", Hold)
PUT_QUOTES = Query("quotes.put", Quote)
QUOTE = Query("quotes.one", Quote)
LOCKED = Query("bookings.lock", Booking)
BY_KEY = Query("bookings.by_key", Booking)
BY_REFERENCE = Query("bookings.by_reference", Booking)
STAYS = Query("bookings.stays_before", Stays)
OF_PERSON = Query("bookings.of_person", Booking)

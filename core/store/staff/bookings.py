"""Bookings and holds for staff: the list, one of them with all that belongs to it, and the acts of staff on them.

`desks` is whose business the reader may see; None: everybody's. `booking` are the businesses that book anything.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from core.store.db import Tx
from core.store.path import errands, inbox
from core.store.promises import holds
from core.store.promises.rows import Hold
from core.store.staff.conversations import listed
from core.store.staff.rows import bookings as rows
from core.store.staff.rows.bookings import AskedErrand, BookingPage, HoldPage

State = Literal["unknown", "booked", "cancelled", "failed"]
STATES: tuple[State, ...] = ("unknown", "booked", "cancelled", "failed")
WALK = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list."""

    booking: Collection[str] = ()
    desk: str | None = None
    state: str | None = None
    attention: bool | None = None
    """Only those that ask for a look."""
    begins: date | None = None
    """The day on which it begins, where the business is."""
    words: str | None = None
    """A pattern of `like` for the number, and for the name where the reader may look for names."""
    reads: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[rows.ListedBooking]
    next: int | None
    """Below this id the next page begins."""
    walked_all: bool
    """False when the page ended early: it looked at as many as it may, and there are older ones."""


def page(
    tx: Tx, wanted: Wanted, *, desks: Collection[str] | None, below: int | None, most: int = 50, walk: int = WALK
) -> Page:
    """Bookings that fit, newest first."""
    found = tx.rows(
        rows.LISTED, desks=listed(desks), booking=list(wanted.booking), below=below, walk=walk, most=most + 1,
        desk=wanted.desk, state=wanted.state, attention=wanted.attention, begins=wanted.begins, words=wanted.words,
        reads=wanted.reads,
    )  # fmt: skip
    if len(found) > most:
        return Page(found[:most], found[most - 1].id, True)
    end = tx.one(rows.WALKED, below=below, walk=walk)
    return Page(found, end.id if end else None, end is None)


def held(tx: Tx, booking: Collection[str], *, desks: Collection[str] | None, most: int = 50) -> list[rows.HeldNow]:
    """Holds that are live and no booking yet, the first to end first."""
    return tx.rows(rows.HELD, desks=listed(desks), booking=list(booking), most=most)


def asked(tx: Tx, booking: Collection[str], *, desks: Collection[str] | None, most: int = 50) -> list[AskedErrand]:
    """Errands whose outcome a person of staff must say: the longest wait first."""
    return tx.rows(rows.ASKED, desks=listed(desks), booking=list(booking), most=most)


def receipts(tx: Tx, booking: Collection[str], *, desks: Collection[str] | None, most: int = 50) -> list[rows.Receipt]:
    """Open tickets about something that is held for a customer, the longest wait first."""
    return tx.rows(rows.RECEIPTS, desks=listed(desks), booking=list(booking), most=most)


def one_asked(tx: Tx, errand_id: int, *, desks: Collection[str] | None) -> AskedErrand | None:
    return tx.one(rows.ONE_ASKED, id=errand_id, desks=listed(desks))


def in_full(tx: Tx, booking_id: int, *, desks: Collection[str] | None) -> BookingPage | None:
    return tx.one(rows.PAGE, id=booking_id, desks=listed(desks))


def hold(tx: Tx, hold_id: int, *, desks: Collection[str] | None) -> HoldPage | None:
    return tx.one(rows.HOLD, id=hold_id, desks=listed(desks))


@dataclass(frozen=True, slots=True)
class Related:
    """All that belongs to one booking, or to a hold that is none yet."""

    holds: list[rows.HoldOf]
    acts: list[rows.Act]
    quotes: list[rows.QuoteOf]
    errands: list[rows.ErrandOf]
    tickets: list[rows.TicketOf]
    photos: list[rows.PhotoOf]
    audited: list[rows.Audited]


def related(tx: Tx, of: BookingPage | HoldPage) -> Related:
    """Of a customer who was erased, only the holds are left."""
    booking, hold_key = (of, of.hold_key) if isinstance(of, BookingPage) else (None, of.key)
    mine = {"conversation_id": of.conversation_id}
    kept = tx.rows(rows.HOLDS, desk_id=of.desk, key=hold_key) if hold_key else []
    names = [f"hold:{each.id}" for each in kept] + ([f"booking:{of.id}"] if booking else [])
    quote = booking.quote_id if booking else hold_key.rpartition(":")[2]
    return Related(
        kept,
        tx.rows(rows.ACTS, desk_id=of.desk, key=hold_key) if hold_key else [],
        tx.rows(rows.QUOTES, **mine) if of.conversation_id else [],
        tx.rows(
            rows.ERRANDS, **mine, key=of.key, hold_key=hold_key or None, quote=None if quote is None else str(quote),
            reference=booking.reference if booking else "",
        ),
        tx.rows(rows.TICKETS, **mine),
        tx.rows(rows.PHOTOS, **mine),
        tx.rows(rows.AUDITED, subjects=names),
    )  # fmt: skip


def units(tx: Tx, of: HoldPage, kind: str, column: str) -> list[str]:
    """Units of the same resource that nobody has in this hold's period."""
    found = tx.rows(
        rows.UNITS, desk_id=of.desk, kind=kind, column=column, resource=of.resource, lower=of.lower, upper=of.upper
    )
    return [row.unit for row in found]


def answer(tx: Tx, errand: AskedErrand, *, wanted: int, yes: bool, by: str, more: Mapping[str, Any]) -> bool:
    """Say what came of an errand. False when it was said already, or it was wanted anew meanwhile."""
    return errands.answer(tx, errand.id, wanted=wanted, answer={"yes": yes, "by": by, **more})


def told_of(tx: Tx, errand: AskedErrand) -> int | None:
    """The event that tells the conversation of it; None while no worker has done it."""
    told = tx.one(rows.TOLD, conversation_id=errand.conversation_id, errand_id=errand.id, wanted=errand.wanted)
    return told.id if told and errand.state in ("done", "failed") else None


def ask_release(tx: Tx, of: HoldPage, *, by: str, note: str = "", once: str = "") -> int | None:
    """Want a hold released: the turn of this event does it and tells the customer. None: nobody is to be told."""
    if of.conversation_id is None:
        return None
    content = {"action": "release", "key": of.key, "by": by, "note": note}
    return inbox.add_own(tx, of.conversation_id, f"hold:{once or uuid.uuid4()}", "hold", content)


def rehouse(tx: Tx, of: HoldPage, unit: str) -> bool:
    """Another unit of the same resource for what is held or booked. Raises Rejected where somebody else has it."""
    known = Hold(of.id, of.key, 1, of.resource, of.unit, of.lower, of.upper, of.state, of.until, 0)
    return holds.rehouse(tx, of.desk, known, unit)

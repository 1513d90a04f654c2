"""Tickets for staff. A change by staff is an event like any other: its turn writes the ticket."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core.store import rows as store_rows
from core.store.db import Tx
from core.store.path import inbox
from core.store.query import Query
from core.store.staff.conversations import listed
from core.store.staff.rows import tickets as rows

Status = Literal["pending", "in_progress", "resolved", "cancelled"]
STATUSES: tuple[Status, ...] = ("pending", "in_progress", "resolved", "cancelled")
WALK = 20_000
DESK_OF = Query("tickets.desk_of", store_rows.DeskRow)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the ticket list."""

    desk: str | None = None
    kind: str | None = None
    status: str | None = None
    assigned: bool | None = None
    assignee: str | None = None
    since_s: float | None = None
    words: str | None = None
    """A pattern of `like`, in small letters without accents."""
    reads: bool = True
    """Whether the words may be looked for in what customers wrote; else in the numbers of tickets alone."""
    urgent: bool = False
    """Only those that are urgent and open."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of the list: only what is older follows."""

    at: datetime
    number: str


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[rows.ListedTicket]
    next: Place | None
    walked_all: bool
    """False when the page ended early: it looked at as many as it may, and there are older ones."""


def ask_status(
    tx: Tx,
    ticket: rows.TicketOf | rows.TicketPage,
    status: Status,
    *,
    by: str,
    note: str = "",
    expected: str | None = None,
    once: str = "",
) -> int | None:
    """Want a ticket to have this status. The turn of this event gives it, unless it is no longer the expected one.

    Asked for twice under one `once` counts once. None: its customer was erased, and it stays as it is.
    """
    return _ask(tx, ticket, once, {"status": status, "expected": expected, "by": by, "note": note})


def ask_assignee(
    tx: Tx,
    ticket: rows.TicketOf | rows.TicketPage,
    assignee: str,
    *,
    by: str,
    name: str = "",
    expected: str | None = None,
    once: str = "",
) -> int | None:
    """Want somebody to look after it, in the same way; nobody, when no one is named."""
    return _ask(tx, ticket, once, {"assignee": assignee, "expected": expected, "by": by, "name": name})


def _ask(tx: Tx, ticket: rows.TicketOf | rows.TicketPage, once: str, wanted: Mapping[str, Any]) -> int | None:
    content = {"number": ticket.number, **wanted}
    return inbox.add_own(tx, ticket.conversation_id, f"ticket:{once or uuid.uuid4()}", "ticket", content)


def find(tx: Tx, number: str) -> rows.TicketOf | None:
    return tx.one(rows.TICKET, number=number)


def newest(tx: Tx, *, size: int = 20) -> list[rows.NewestTicket]:
    return tx.rows(rows.NEWEST, size=size)


def page(
    tx: Tx, wanted: Wanted, *, desks: Collection[str] | None, below: Place | None, most: int = 50, walk: int = WALK
) -> Page:
    """Tickets that fit, newest first."""
    place = {"at": below.at if below else None, "number": below.number if below else None, "walk": walk}
    found = tx.rows(
        rows.LISTED_TICKETS, **place, desks=listed(desks), most=most + 1, desk=wanted.desk, kind=wanted.kind,
        status=wanted.status, assigned=wanted.assigned, assignee=wanted.assignee, since_s=wanted.since_s,
        words=wanted.words, reads=wanted.reads, urgent=wanted.urgent,
    )  # fmt: skip
    if len(found) > most:
        return Page(found[:most], Place(found[most - 1].created_at, found[most - 1].number), True)
    end = tx.one(rows.WALKED_TICKETS, **place)
    return Page(found, Place(end.created_at, end.number) if end else None, end is None)


def in_full(tx: Tx, number: str, *, desks: Collection[str] | None) -> rows.TicketPage | None:
    """One ticket, whole; None when there is none, or it is none of theirs."""
    return tx.one(rows.TICKET_PAGE, number=number, desks=listed(desks))


def asked(tx: Tx, ticket: rows.TicketOf | rows.TicketPage) -> list[rows.AskedOf]:
    """The changes that staff requested for a ticket and no turn has made yet."""
    return tx.rows(rows.ASKED, number=ticket.number, conversation_id=ticket.conversation_id)


def history(tx: Tx, number: str) -> list[rows.Change]:
    return tx.rows(rows.HISTORY, number=number)


def photos(tx: Tx, number: str, conversation_id: int) -> list[rows.TicketPhoto]:
    return tx.rows(rows.TICKET_PHOTOS, number=number, conversation_id=conversation_id)


def ratings(tx: Tx, number: str) -> list[rows.Rating]:
    return tx.rows(rows.RATINGS, number=number)


def kinds(tx: Tx) -> list[str]:
    return [row.kind for row in tx.rows(rows.TICKET_KINDS)]


def assignees(tx: Tx, desks: Collection[str] | None) -> list[rows.Assignee]:
    """Staff who may look after tickets of one of these desks; of any, when none are named."""
    return tx.rows(rows.ASSIGNEES, desks=listed(desks))


def desk_of(tx: Tx, conversation_id: int) -> store_rows.DeskRow | None:
    """The desk that this conversation is with."""
    return tx.one(DESK_OF, conversation_id=conversation_id)


def open_by_hand(tx: Tx, number: str, conversation_id: int, summary: str, *, by: str, priority: str) -> None:
    """A ticket that no turn decided."""
    given = {"number": number, "conversation_id": conversation_id, "summary": summary, "by": by, "priority": priority}
    tx.run("tickets.open_by_hand", **given, mark=-secrets.randbits(62))

"""What staff do with tickets. The customer hears of it through an event, like of everything else."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.store import inbox
from core.store.conversations import listed
from core.store.db import Row, Tx

Status = Literal["pending", "in_progress", "resolved", "cancelled"]
STATUSES: tuple[Status, ...] = ("pending", "in_progress", "resolved", "cancelled")
WALK = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets a list shows."""

    desk: str | None = None
    kind: str | None = None
    status: str | None = None
    assigned: bool | None = None
    assignee: str | None = None
    since_s: float | None = None
    words: str | None = None
    """A pattern of `like`, in small letters without accents."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of the list: only what is older follows."""

    at: datetime
    number: str


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    next: Place | None
    walked_all: bool
    """False when the page ended early: it looked at as many as it may, and there are older ones."""


def change(
    tx: Tx, number: str, status: Status, *, by: str, note: str = "", expected: str | None = None, once: str = ""
) -> bool:
    """Give the ticket this status and let its conversation know, in one transaction.

    False: it has it already, or no longer the expected one. `once` makes asking for it twice count once.
    """
    found = find(tx, number)
    changed = tx.one("tickets.change", number=number, status=status, expected=expected)
    if found is None or changed is None:
        return False
    event_id = None
    if changed.conversation_id is not None:
        content = {"number": number, "status": status, "by": by, "note": note}
        external_id = f"ticket:{once or uuid.uuid4()}"
        event_id = inbox.add_own(tx, changed.conversation_id, external_id, "ticket", content)
    _note(tx, number, by, "status", found.status, status, note=note, event_id=event_id)
    return True


def assign(tx: Tx, number: str, assignee: str | None, *, by: str, expected: str | None) -> bool:
    """Have somebody look after it; False when it was somebody else's than expected by now, or is theirs already."""
    changed = tx.one("tickets.assign", number=number, assignee=assignee, expected=expected)
    if changed:
        _note(tx, number, by, "assignee", expected or "", assignee or "")
    return changed is not None


def _note(
    tx: Tx, number: str, by: str, what: str, before: str, after: str, *, note: str = "", event_id: int | None = None
) -> None:
    tx.run(
        "tickets.note_change", ticket=number, by=by, what=what, before=before, after=after, note=note, event_id=event_id
    )


def find(tx: Tx, number: str) -> Row | None:
    return tx.one("tickets.find", number=number)


def newest(tx: Tx, *, size: int = 20) -> list[Row]:
    return tx.rows("tickets.newest", size=size)


def page(
    tx: Tx, wanted: Wanted, *, desks: Collection[str] | None, below: Place | None, most: int = 50, walk: int = WALK
) -> Page:
    """Tickets that fit, newest first."""
    place = {"at": below.at if below else None, "number": below.number if below else None, "walk": walk}
    rows = tx.rows(
        "tickets.page", **place, desks=listed(desks), most=most + 1, desk=wanted.desk, kind=wanted.kind,
        status=wanted.status, assigned=wanted.assigned, assignee=wanted.assignee, since_s=wanted.since_s,
        words=wanted.words,
    )  # fmt: skip
    if len(rows) > most:
        return Page(rows[:most], Place(rows[most - 1].created_at, rows[most - 1].number), True)
    end = tx.one("tickets.walked", **place)
    return Page(rows, Place(end.created_at, end.number) if end else None, end is None)


def look(tx: Tx, number: str, *, desks: Collection[str] | None) -> Row | None:
    """One ticket, whole; None when there is none, or it is none of theirs."""
    return tx.one("tickets.look", number=number, desks=listed(desks))


def history(tx: Tx, number: str) -> list[Row]:
    return tx.rows("tickets.history", number=number)


def photos(tx: Tx, number: str, conversation_id: int) -> list[Row]:
    return tx.rows("tickets.photos", number=number, conversation_id=conversation_id)


def ratings(tx: Tx, number: str) -> list[Row]:
    return tx.rows("tickets.ratings", number=number)


def kinds(tx: Tx) -> list[str]:
    return [row.kind for row in tx.rows("tickets.kinds")]


def assignees(tx: Tx, desk: str | None) -> list[Row]:
    """Staff who may look after tickets of a desk; of any, when none is named."""
    return tx.rows("tickets.assignees", desk=desk)

"""Conversations for staff, read-only: the list, and one conversation with its history.

`desks` is whose business the reader may see; None: everybody's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.kinds import UNSPOKEN
from core.store.db import Tx
from core.store.staff.rows import conversations as rows

WALK = 5000
LONGEST = 4000
"""Of a longer text, the transcript holds the beginning."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the conversation list."""

    desk: str | None = None
    flow: str | None = None
    state: str | None = None
    held: bool | None = None
    agent: str | None = None
    person_wanted: bool = False
    closing_s: float | None = None
    """Only conversations whose window shuts within this time."""
    waiting_s: float | None = None
    """Only conversations in which the customer spoke last, longer ago than this."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of the list: only what was active before it follows."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[rows.ListedConversation]
    next: Place | None
    """The place at which the next page begins; None at the end."""
    walked_all: bool
    """False when the page ended early: it looked at as many as it may, and there are older ones."""


@dataclass(frozen=True, slots=True)
class Below:
    """From where back a transcript is read: an id or version in each of its three parts; None: from the newest."""

    heard: int | None = None
    step: int | None = None
    said: int | None = None


def page(
    tx: Tx, wanted: Wanted, *, desks: Collection[str] | None, below: Place | None, windows: Mapping[str, float],
    most: int = 50, walk: int = WALK,
) -> Page:  # fmt: skip
    """Conversations that fit, by their last activity, newest first. `windows` says for each kind of channel how long
    after the customer's last message anything may be said; a kind without one is never about to close."""
    place = {"at": below.at if below else None, "id": below.id if below else None, "walk": walk}
    found = tx.rows(
        rows.LISTED, **place, desks=listed(desks), most=most + 1, windowed=list(windows),
        window_s=list(windows.values()), unspoken=list(UNSPOKEN),
        desk=wanted.desk, flow=wanted.flow, state=wanted.state, held=wanted.held, agent=wanted.agent,
        wanted=wanted.person_wanted, closing=wanted.closing_s is not None, closing_s=wanted.closing_s or 0.0,
        waiting_s=wanted.waiting_s,
    )  # fmt: skip
    if len(found) > most:
        return Page(found[:most], Place(found[most - 1].updated_at, found[most - 1].id), True)
    end = tx.one(rows.WALKED, **place)
    return Page(found, Place(end.updated_at, end.id) if end else None, end is None)


def find(tx: Tx, id: int, *, desks: Collection[str] | None) -> rows.Conversation | None:
    """One conversation as it stands; None when there is none, or it is none of theirs."""
    return tx.one(rows.CONVERSATION, id=id, desks=listed(desks))


def received(tx: Tx, id: int, *, below: int | None, most: int) -> list[rows.Heard]:
    return tx.rows(rows.HEARD, conversation_id=id, below=below, most=most, longest=LONGEST)


def steps(tx: Tx, id: int, *, below: int | None, most: int) -> list[rows.Step]:
    return tx.rows(rows.STEPS, conversation_id=id, below=below, most=most)


def said(tx: Tx, id: int, *, below: int | None, most: int) -> list[rows.Said]:
    return tx.rows(rows.SAID, conversation_id=id, below=below, most=most, longest=LONGEST)


def around(tx: Tx, id: int, event_id: int, *, after: int = 12) -> Below:
    """From where back to read so that this event is among what is read."""
    row = tx.one(rows.AROUND, conversation_id=id, event_id=event_id, after=after)
    return Below(row.heard, row.step, row.said) if row else Below()


def timers(tx: Tx, id: int) -> list[rows.Timer]:
    return tx.rows(rows.TIMERS, conversation_id=id)


def tickets(tx: Tx, id: int, *, most: int = 20) -> list[rows.TicketOfConversation]:
    return tx.rows(rows.TICKETS, conversation_id=id, most=most)


def photos(tx: Tx, id: int, *, most: int = 200) -> list[rows.ShownPhoto]:
    return tx.rows(rows.PHOTOS, conversation_id=id, most=most)


def photo(tx: Tx, id: int, *, desks: Collection[str] | None) -> rows.PhotoPlace | None:
    """A photo's name in the storage, and the conversation that owns it."""
    return tx.one(rows.PHOTO, id=id, desks=listed(desks))


def event(tx: Tx, id: int, event_id: int) -> rows.EventPage | None:
    """One event of a conversation, with the turn it led to."""
    return tx.one(rows.EVENT, conversation_id=id, event_id=event_id)


def answers(tx: Tx, id: int, event_id: int) -> list[rows.Answer]:
    return tx.rows(rows.ANSWERS, conversation_id=id, event_id=event_id)


def unsettled(tx: Tx, id: int, outbound_id: int) -> rows.Unsettled | None:
    """A send that may be said again."""
    return tx.one(rows.UNSETTLED, conversation_id=id, id=outbound_id)


def listed(desks: Collection[str] | None) -> list[str] | None:
    return None if desks is None else sorted(desks)

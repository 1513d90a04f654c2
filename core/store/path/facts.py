"""Facts that a step of any desk may depend on: looked up for a whole group of conversations at once.

Facts of one business are lines of its catalogue (`core/store/catalogue.py`), or a service tells them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from core.errors import Broken
from core.store.catalogue import Wanted
from core.store.db import Tx
from core.store.path import fact_rows as rows
from core.store.path.fact_rows import TicketFact

MINE = "mine"


def find(tx: Tx, kind: str, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    """The fact of this kind for each of the wanted; None where there is no such thing."""
    if kind not in FINDERS:
        raise Broken(f"nobody knows facts of the kind {kind!r}")
    found = FINDERS[kind](tx, wanted)
    return {each: found.get(each) for each in wanted}


def _keys(wanted: Sequence[Wanted]) -> dict[str, Any]:
    return {"conversation_id": [i for i, _ in wanted], "key": [key for _, key in wanted]}


def _ticket(row: TicketFact) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("number", "kind", "status", "summary", "content", "mine")}
    return {**told, "created_at": row.created_at.isoformat()}


def _tickets(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    named = [each for each in wanted if each[1] != MINE]
    own = [i for i, key in wanted if key == MINE]
    found: dict[Wanted, Any] = {(i, MINE): [] for i in own}
    for row in tx.rows(rows.TICKET, **_keys(named)) if named else ():
        found[row.conversation_id, row.key] = _ticket(row)
    for row in tx.rows(rows.MY_TICKETS, conversation_id=own) if own else ():
        found[row.conversation_id, MINE].append(_ticket(row))
    return found


def _bookings(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    """The person's own bookings: the last five (`mine`), or the one with this number."""
    found: dict[Wanted, Any] = {each: [] for each in wanted}
    for row in tx.rows(rows.BOOKINGS, **_keys(wanted)):
        found[row.conversation_id, row.key].append(dict(row.booking))
    return found


def _own_ticket(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    """How a ticket stands that staff want to change; only a turn of its own conversation changes it."""
    found = tx.rows(rows.OWN_TICKET, **_keys(wanted))
    return {(r.conversation_id, r.key): {"status": r.status, "assignee": r.assignee} for r in found}


def _own_hold(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    """Whether something is held now for this very conversation under the key; None when it is not, or booked."""
    found = tx.rows(rows.OWN_HOLD, **_keys(wanted))
    return {(r.conversation_id, r.key): {"until": r.until.isoformat()} for r in found}


def _outbound(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    """A send that staff want to say again; what it was before a template took its place."""
    columns = ("kind", "text", "content", "open")
    found = tx.rows(rows.OUTBOUND, **_keys(wanted))
    return {(r.conversation_id, r.key): {name: getattr(r, name) for name in columns} for r in found}


def _first_answer(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    """In how many minutes staff answered lately; None while the record is too short to tell."""
    found = tx.rows(rows.FIRST_ANSWER, conversation_id=[i for i, _ in wanted])
    waits = {row.conversation_id: {"minutes": max(1, round(row.median_s / 60))} for row in found}
    return {each: waits.get(each[0]) for each in wanted}


def _photos_waiting(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    waiting = tx.first(rows.PHOTOS_WAITING).waiting
    return dict.fromkeys(wanted, waiting)


def _opted_out(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    """Whether the person wants nothing from us by ourselves, whichever number they said so to."""
    found = tx.rows(rows.OPTED_OUT, conversation_id=[i for i, _ in wanted])
    out = {row.conversation_id: row.opted_out for row in found}
    return {each: out.get(each[0], False) for each in wanted}


FINDERS: dict[str, Callable[[Tx, Sequence[Wanted]], dict[Wanted, Any]]] = {
    "tickets": _tickets,
    "own_ticket": _own_ticket,
    "own_hold": _own_hold,
    "bookings": _bookings,
    "first_answer": _first_answer,
    "photos_waiting": _photos_waiting,
    "outbound": _outbound,
    "opted_out": _opted_out,
}

"""Facts that a step depends on: looked up for a whole group of conversations at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from core import geography
from core.errors import Broken
from core.geography import Point, great_circle_km
from core.store.db import Row, Tx

Wanted = tuple[int, str]
"""A conversation, and the key it asks for."""

MINE = "mine"
CENTRE = ("code", "name", "address", "city", "phone", "latitude", "longitude", "opens", "closes", "days")
"""What is told of a centre."""


def find(tx: Tx, kind: str, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    """The fact of this kind for each of the wanted; None where there is no such thing."""
    if kind not in FINDERS:
        raise Broken(f"nobody knows facts of the kind {kind!r}")
    found = FINDERS[kind](tx, wanted)
    return {each: found.get(each) for each in wanted}


def _keys(wanted: Sequence[Wanted]) -> dict[str, Any]:
    return {"conversation_id": [i for i, _ in wanted], "key": [key for _, key in wanted]}


def _equipment(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    rows = tx.rows("facts.equipment", **_keys(wanted))
    columns = ("code", "model", "brand", "client", "place")
    return {(r.conversation_id, r.key): {name: getattr(r, name) for name in columns} for r in rows}


def _ticket(row: Row) -> dict[str, Any]:
    columns = ("number", "kind", "status", "summary", "content")
    return {**{name: getattr(row, name) for name in columns}, "created_at": row.created_at.isoformat()}


def _tickets(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    named = [each for each in wanted if each[1] != MINE]
    own = [i for i, key in wanted if key == MINE]
    found: dict[Wanted, Any] = {(i, MINE): [] for i in own}
    for row in tx.rows("facts.ticket", **_keys(named)) if named else ():
        found[row.conversation_id, row.key] = {**_ticket(row), "mine": row.mine}
    for row in tx.rows("facts.my_tickets", conversation_id=own) if own else ():
        found[row.conversation_id, MINE].append({**_ticket(row), "mine": True})
    return found


def _own_ticket(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    """How a ticket stands that staff want to change; only a turn of its own conversation changes it."""
    rows = tx.rows("facts.own_ticket", **_keys(wanted))
    return {(r.conversation_id, r.key): {"status": r.status, "assignee": r.assignee} for r in rows}


def _outbound(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    """A send that staff want to say again; what it was before a template took its place."""
    columns = ("kind", "text", "content", "open")
    rows = tx.rows("facts.outbound", **_keys(wanted))
    return {(r.conversation_id, r.key): {name: getattr(r, name) for name in columns} for r in rows}


def _centre(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    centres: dict[int, list[Row]] = defaultdict(list)
    for row in tx.rows("facts.centres", conversation_id=[i for i, _ in wanted]):
        centres[row.conversation_id].append(row)
    return {(i, key): _nearest(key, centres[i]) for i, key in wanted}


def _centres(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    """Every centre of the desk."""
    found: dict[Wanted, Any] = {each: [] for each in wanted}
    for row in tx.rows("facts.centres", conversation_id=[i for i, _ in wanted]):
        for each in wanted:
            if each[0] == row.conversation_id:
                found[each].append({name: getattr(row, name) for name in CENTRE})
    return found


def _nearest(key: str, centres: Sequence[Row]) -> dict[str, Any] | None:
    """The one the crow reaches first."""
    here = geography.read(key)
    nearest = min(centres, key=lambda c: great_circle_km(Point(c.latitude, c.longitude), here), default=None)
    return {name: getattr(nearest, name) for name in CENTRE} if nearest else None


def _survey_question(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    rows = tx.rows("facts.survey_question", **_keys(wanted))
    return {(r.conversation_id, r.key): r.text for r in rows}


def _vehicle(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    """A vehicle's catalogue row; False when the desk's list lacks it, None when the desk has no list."""
    rows = tx.rows("facts.vehicle", **_keys(wanted))
    return {(r.conversation_id, r.key): {"model": r.model, "plate": r.plate} if r.known else False for r in rows}


def _photos_waiting(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    waiting = tx.rows("facts.photos_waiting")[0].waiting
    return dict.fromkeys(wanted, waiting)


def _opted_out(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    """Whether the person wants nothing from us by ourselves, whichever number they said so to."""
    rows = tx.rows("facts.opted_out", conversation_id=[i for i, _ in wanted])
    out = {row.conversation_id: row.opted_out for row in rows}
    return {each: out.get(each[0], False) for each in wanted}


FINDERS: dict[str, Callable[[Tx, Sequence[Wanted]], dict[Wanted, Any]]] = {
    "equipment": _equipment,
    "tickets": _tickets,
    "own_ticket": _own_ticket,
    "centre": _centre,
    "centres": _centres,
    "vehicle": _vehicle,
    "photos_waiting": _photos_waiting,
    "survey_question": _survey_question,
    "outbound": _outbound,
    "opted_out": _opted_out,
}

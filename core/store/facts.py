"""Facts that a step needs and cannot know: looked up for a whole group at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import asin, ceil, cos, radians, sin, sqrt
from typing import Any

from core.errors import Broken
from core.store.db import Row, Tx

Wanted = tuple[int, str]
"""A conversation, and the key it asks for."""

EARTH_KM = 6371.0
ROAD_KM_PER_H = 30
BUFFER_MIN = 20
MINE = "mine"


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


def _centre(tx: Tx, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    centres: dict[int, list[Row]] = defaultdict(list)
    for row in tx.rows("facts.centres", conversation_id=[i for i, _ in wanted]):
        centres[row.conversation_id].append(row)
    return {(i, key): _nearest(key, centres[i]) for i, key in wanted}


def _nearest(key: str, centres: Sequence[Row]) -> dict[str, Any] | None:
    latitude, longitude = (float(part) for part in key.split(","))
    if not centres:
        return None
    km, nearest = min(
        ((great_circle_km(latitude, longitude, c.latitude, c.longitude), c) for c in centres), key=lambda pair: pair[0]
    )
    columns = ("code", "name", "address", "city", "phone", "opens", "closes", "days")
    return {**{name: getattr(nearest, name) for name in columns}, "km": round(km, 1), "minutes": minutes_by_road(km)}


def minutes_by_road(km: float) -> int:
    """A plain estimate of how long a technician takes, in city traffic, with time to set out."""
    return ceil(km / ROAD_KM_PER_H * 60) + BUFFER_MIN


def great_circle_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The distance over the ground between two points."""
    a = (
        sin(radians(lat2 - lat1) / 2) ** 2
        + cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_KM * asin(sqrt(min(1.0, a)))


FINDERS: dict[str, Callable[[Tx, Sequence[Wanted]], dict[Wanted, Any]]] = {
    "equipment": _equipment,
    "tickets": _tickets,
    "centre": _centre,
}

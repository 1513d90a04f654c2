"""Holds: a unit of a resource that is kept for somebody until a time.

A resource is what is offered (a kind of place), its units are the single ones. Two holds of one unit cannot overlap: the
database has no room for the second (`holds_one_unit_has_one_holder`). The key of a hold is its owner's: without it nobody
prolongs or ends it. A hold whose time is over keeps nobody out, whether or not anything has marked it. Every act is a row of
`hold_acts`, conflicts included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from psycopg.errors import ExclusionViolation

from core.errors import Rejected
from core.store.db import Tx
from core.store.promises import rows
from core.store.promises.rows import Hold

Keeping = Literal["kept", "looked_at", "worked_on"]
"""Why a hold goes on: its owner asked (twice at most), somebody looks at what they sent, or it is being booked."""


@dataclass(frozen=True, slots=True)
class Period:
    """From a time until another, which is outside."""

    lower: datetime
    upper: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many units of a resource, for a period; any of those listed, the first that are free."""

    desk_id: str
    resource: str
    units: Sequence[str]
    period: Period
    key: str
    count: int = 1
    most: int | None = None
    """Where units are only counted (somebody else gives them out): how many of them may be had at once."""


def take(tx: Tx, wanted: Wanted, *, for_s: float, conversation_id: int | None = None) -> list[Hold]:
    """Hold these units; empty when others have them. What its owner has already is not taken twice.

    Takers of one resource wait for each other, for as long as the lock timeout of the connection says.
    """
    of = {"desk_id": wanted.desk_id, "resource": wanted.resource, "key": wanted.key}
    during = {"lower": wanted.period.lower, "upper": wanted.period.upper}
    tx.run("holds.line", desk_id=wanted.desk_id, resource=wanted.resource)
    tx.run("holds.lapse", **of, **during)
    if mine := live(tx, wanted.desk_id, wanted.key):
        return mine
    taken = [] if _full(tx, wanted) else tx.rows(
        rows.TAKE, **of, **during, unit=list(wanted.units), count=wanted.count, for_s=for_s,
        conversation_id=conversation_id,
    )  # fmt: skip
    if len(taken) == wanted.count:
        return taken
    if taken:
        tx.run("holds.undo", id=[hold.id for hold in taken])
    tx.run("holds.conflict", **of, **during)
    return []


def _full(tx: Tx, wanted: Wanted) -> bool:
    if wanted.most is None:
        return False
    during = {"lower": wanted.period.lower, "upper": wanted.period.upper}
    had = tx.first(rows.COUNTED, desk_id=wanted.desk_id, resource=wanted.resource, **during).holds
    return had + wanted.count > wanted.most


def live(tx: Tx, desk_id: str, key: str) -> list[Hold]:
    """The units that the owner of this key has now; empty when its time is over."""
    return tx.rows(rows.LIVE, desk_id=desk_id, key=key)


def taken(tx: Tx, desk_id: str, period: Period, *, resource: str = "", but: str = "") -> set[tuple[str, str]]:
    """Units, each with its resource, that somebody has at any moment of the period; `but` leaves one owner's out."""
    found = tx.rows(
        rows.TAKEN_UNITS, desk_id=desk_id, resource=resource, lower=period.lower, upper=period.upper, but=but
    )
    return {(row.resource, row.unit) for row in found}


def counted(tx: Tx, desk_id: str, resource: str, period: Period) -> int:
    """How many units of a resource are had at some moment of the period."""
    return tx.first(rows.COUNTED, desk_id=desk_id, resource=resource, lower=period.lower, upper=period.upper).holds


def keep(
    tx: Tx, desk_id: str, key: str, *, for_s: float, act: Keeping = "kept", conversation_id: int | None = None
) -> list[Hold]:
    """Prolong what the owner has, from now on; empty when there is nothing, or it was prolonged twice already.

    With a conversation: only if it was taken for that one.
    """
    return tx.rows(rows.KEEP, desk_id=desk_id, key=key, for_s=for_s, act=act, conversation_id=conversation_id)


def given(tx: Tx, desk_id: str, key: str, *, for_s: float) -> None:
    """The hold ends by itself in so many seconds: its place is booked where somebody else gives out the units."""
    tx.run("holds.given", desk_id=desk_id, key=key, for_s=for_s)


def release(tx: Tx, desk_id: str, key: str, *, conversation_id: int | None = None) -> int:
    """The owner does not want it any more. With a conversation: only if it was taken for that one."""
    return tx.run("holds.finish", desk_id=desk_id, key=key, act="released", conversation_id=conversation_id)


def book(tx: Tx, desk_id: str, key: str) -> list[Hold]:
    """The hold becomes a booking; empty when its time was over."""
    return tx.rows(rows.BOOK, desk_id=desk_id, key=key)


def move(tx: Tx, desk_id: str, key: str, period: Period) -> list[Hold]:
    """Another period for what is booked. Raises Rejected where somebody else is, which ends the transaction."""
    try:
        return tx.rows(rows.MOVE, desk_id=desk_id, key=key, lower=period.lower, upper=period.upper)
    except ExclusionViolation as error:
        raise Rejected("taken", told={"why": "taken"}) from error


def rehouse(tx: Tx, desk_id: str, hold: Hold, unit: str) -> bool:
    """Another unit of the same resource, as long as it stands as it is known here; False when it does not any more.

    Raises Rejected where somebody else has that unit, which ends the transaction.
    """
    during = {"lower": hold.lower, "upper": hold.upper}
    tx.run("holds.lapse", desk_id=desk_id, key="", resource=hold.resource, **during)
    try:
        return bool(tx.run("holds.rehouse", desk_id=desk_id, id=hold.id, unit=unit, expected=hold.unit, **during))
    except ExclusionViolation as error:
        raise Rejected("taken", told={"why": "taken"}) from error


def cancel(tx: Tx, desk_id: str, key: str) -> int:
    """End a booking: its places are free again."""
    return tx.run("holds.finish", desk_id=desk_id, key=key, act="cancelled", conversation_id=None)


def lapse(tx: Tx, *, size: int) -> int:
    """Mark one small batch of holds whose time is over; how many."""
    return tx.run("holds.lapse_some", size=size)


def purge(tx: Tx, *, keep_days: int, size: int = 1000) -> int:
    gone = tx.run("holds.purge", keep_days=keep_days, size=size)
    return gone + tx.run("holds.purge_acts", keep_days=keep_days, size=size)

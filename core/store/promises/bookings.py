"""Bookings: what was asked for under a key of ours, and what became of it. A key is booked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import orjson

from core.store.db import Tx
from core.store.promises import rows
from core.store.promises.holds import Period
from core.store.promises.rows import Booking

Outcome = Literal["booked", "cancelled", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A booking that is about to be asked for."""

    key: str
    resource: str
    period: Period
    amount: Decimal
    currency: str
    source: str
    conversation_id: int | None = None
    quote_id: int | None = None
    hold_key: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)


def ask(tx: Tx, desk_id: str, asked: Asked) -> bool:
    """Write it down before it is asked for; False when its key is booked, or was cancelled, already."""
    return bool(
        tx.run(
            "bookings.ask",
            desk_id=desk_id,
            conversation_id=asked.conversation_id,
            quote_id=asked.quote_id,
            key=asked.key,
            hold_key=asked.hold_key,
            resource=asked.resource,
            lower=asked.period.lower,
            upper=asked.period.upper,
            amount=asked.amount,
            currency=asked.currency,
            content=orjson.dumps(asked.content).decode(),
            source=asked.source,
        )
    )


def settle(
    tx: Tx, desk_id: str, key: str, state: Outcome, *, reference: str | None = None, attention: str = "",
    quote_id: int | None = None, **content: Any,
) -> None:  # fmt: skip
    """The outcome of a booking that was asked for; `attention` is a word for what a person must look at."""
    tx.run(
        "bookings.settle", desk_id=desk_id, key=key, state=state, reference=reference, attention=attention,
        quote_id=quote_id, content=orjson.dumps(content).decode(),
    )  # fmt: skip


def move(
    tx: Tx, desk_id: str, key: str, period: Period, amount: Decimal, *, resource: str | None = None, **content: Any
) -> bool:
    """Another time, at another price; another resource where one is named."""
    told = orjson.dumps(content).decode()
    return bool(
        tx.run(
            "bookings.move", desk_id=desk_id, key=key, lower=period.lower, upper=period.upper, amount=amount,
            resource=resource, content=told,
        )
    )  # fmt: skip


def stays_before(tx: Tx, desk_id: str, key: str) -> int:
    """How often the person whose booking this is has stayed before."""
    return tx.first(rows.STAYS, desk_id=desk_id, key=key).stays


def lock(tx: Tx, desk_id: str, key: str) -> Booking | None:
    """The booking of this key; nobody else settles it until the transaction ends."""
    return tx.one(rows.LOCKED, desk_id=desk_id, key=key)


def by_key(tx: Tx, desk_id: str, key: str) -> Booking | None:
    return tx.one(rows.BY_KEY, desk_id=desk_id, key=key)


def by_reference(tx: Tx, desk_id: str, reference: str, *, conversation_id: int) -> Booking | None:
    """The booking with this number, if it is the person's who writes."""
    return tx.one(rows.BY_REFERENCE, desk_id=desk_id, reference=reference.strip(), conversation_id=conversation_id)


def of_person(tx: Tx, desk_id: str, *, conversation_id: int, most: int = 5) -> list[Booking]:
    """The last bookings of the person who writes, newest first."""
    return tx.rows(rows.OF_PERSON, desk_id=desk_id, conversation_id=conversation_id, most=most)

"""Quotes: each price that is told to somebody is a row, and a sentence with a price cites one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from core.store.db import Tx
from core.store.promises import rows
from core.store.promises.holds import Period
from core.store.promises.rows import Quote


@dataclass(frozen=True, slots=True)
class Priced:
    """Something that is offered, and its price, tax included."""

    resource: str
    period: Period
    amount: Decimal
    tax: Decimal
    currency: str
    content: Mapping[str, Any] = field(default_factory=dict)


def put(
    tx: Tx, desk_id: str, conversation_id: int, key: str, priced: Sequence[Priced], *, source: str,
    read_at: datetime, good_s: float,
) -> list[Quote]:  # fmt: skip
    """The quotes of one question, in its order. Asked again under the same key, they are those of the first time."""
    return tx.rows(
        rows.PUT_QUOTES,
        desk_id=desk_id,
        conversation_id=conversation_id,
        key=key,
        number=list(range(1, len(priced) + 1)),
        resource=[each.resource for each in priced],
        lower=[each.period.lower for each in priced],
        upper=[each.period.upper for each in priced],
        amount=[str(each.amount) for each in priced],
        tax=[str(each.tax) for each in priced],
        currency=[each.currency for each in priced],
        content=[orjson.dumps(each.content).decode() for each in priced],
        source=source,
        read_at=read_at,
        good_s=good_s,
    )


def one(tx: Tx, quote_id: int, *, conversation_id: int) -> Quote | None:
    """A quote that was given to this conversation."""
    return tx.one(rows.QUOTE, id=quote_id, conversation_id=conversation_id)


def extend(tx: Tx, quote_id: int, until: datetime) -> None:
    """The price holds as long as the place that is kept at it."""
    tx.run("quotes.extend", id=quote_id, until=until)


def purge(tx: Tx, *, keep_days: int, size: int = 1000) -> int:
    return tx.run("quotes.purge", keep_days=keep_days, size=size)

"""The outbox: replies, in order per conversation, until the platform has accepted them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from core.errors import MALFORMED
from core.messages import Identity, Outbound, Template
from core.numbered_text import plainly
from core.resolution import number_of
from core.store.db import Tx
from core.store.path import rows
from core.store.path.rows import ClaimedSend, Correlated, RefusedSend, Settled, Unsent
from core.turn import Turn


@dataclass(frozen=True, slots=True)
class Send:
    """An outbound that this worker has claimed and sends now."""

    id: int
    conversation_id: int
    correlation_id: str
    address: str
    to: Identity
    outbound: Outbound
    attempts: int
    in_window: bool
    """The customer was heard within the channel's window: anything may be said."""
    fallback: Template | None
    waited_s: float | None = None
    """Since the event that it answers was received; None: that event is gone, or there is none."""
    after: tuple[int, ...] = ()
    """The ids of other outbounds that go out with this one, as one letter."""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one send. `wait_s` is the wait before the next try, or for a delivery status to decide."""

    id: int
    state: Literal["sent", "waiting", "unknown", "failed", "parked"]
    external_id: str | None = None
    error_code: int | None = None
    error: str | None = None
    wait_s: float = 0.0


def put(tx: Tx, turns: Sequence[Turn]) -> int:
    """Insert the replies of these turns in their order. Returns how many."""
    said = [(turn, outbound) for turn in turns for outbound in turn.replies]
    if said:
        tx.run(
            "outbox.put",
            conversation_id=[t.conversation_id for t, _ in said],
            event_id=[t.event.id for t, _ in said],
            correlation_id=[t.event.correlation_id for t, _ in said],
            kind=[o.kind for _, o in said],
            text=[o.text for _, o in said],
            content=[orjson.dumps(o.content).decode() for _, o in said],
            initiative=[o.initiative for _, o in said],
        )
    return len(said)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast sends may go."""

    number_per_s: float
    customer_s: float
    customer_burst: int


@dataclass(frozen=True, slots=True)
class Way:
    """How the sends of one channel reach customers."""

    channel_kind: str
    reached_by: Sequence[str]
    """The kinds of alias a send is addressed with, the one that counts most first."""
    window_s: float | None
    """How long after the customer's last message anything may be said; None: always."""


def claim(tx: Tx, way: Way, *, size: int, pace: Pace, barred: Sequence[str] = ()) -> list[Send]:
    """Mark as going out the next sends of a channel that pace and order allow, of all numbers but the barred."""
    found = tx.rows(
        rows.CLAIMED_SENDS,
        channel_kind=way.channel_kind,
        reached_by=list(way.reached_by),
        size=size,
        barred=list(barred),
        rate_per_s=pace.number_per_s,
        customer_s=pace.customer_s,
        customer_burst=pace.customer_burst,
        window_s=way.window_s,
    )
    return [_claimed(row, way) for row in found]


def _claimed(row: ClaimedSend, way: Way) -> Send:
    names: Mapping[str, str] = row.names or {}
    return Send(
        id=row.id,
        conversation_id=row.conversation_id,
        correlation_id=row.correlation_id,
        address=row.address,
        to=Identity(tuple((kind, names[kind]) for kind in way.reached_by if kind in names)),
        outbound=Outbound.revive(row.kind, row.text, row.content),
        attempts=row.attempts,
        in_window=bool(row.in_window),
        fallback=_template(row.fallback_template),
        waited_s=row.waited_s,
    )


def _template(stored: Mapping[str, Any] | None) -> Template | None:
    if not stored:
        return None
    return Template(stored["name"], stored["language"], tuple(stored.get("parameters", ())))


def mark(tx: Tx, results: Sequence[Result]) -> None:
    """Write down what became of these sends; a status that was faster is not undone."""
    if results:
        tx.run(
            "outbox.mark",
            id=[r.id for r in results],
            state=[r.state for r in results],
            external_id=[r.external_id for r in results],
            error_code=[r.error_code for r in results],
            error=[r.error for r in results],
            wait_s=[r.wait_s for r in results],
        )


def reword(tx: Tx, claimed_id: int, outbound: Outbound, *, instead_of: Outbound) -> None:
    """This send goes out as something else; what was decided is kept beside it, to be said again."""
    decided = {"kind": instead_of.kind, "text": instead_of.text, **instead_of.content}
    content = {**outbound.content, "instead_of": decided}
    tx.run(
        "outbox.reword", id=claimed_id, kind=outbound.kind, text=outbound.text, content=orjson.dumps(content).decode()
    )


def say_plainly(tx: Tx, ids: Sequence[int]) -> list[Correlated]:
    """Questions among these that the platform refused for their form: they wait again, once, as numbered text.

    A refused send is known not to have arrived, so saying it again is safe; what it was is kept in its content.
    """
    refused = tx.rows(rows.REFUSED_SENDS, id=list(ids), code=sorted(MALFORMED)) if ids else []
    if not refused:
        return []
    questions = [Outbound.revive(row.kind, row.text, row.content) for row in refused]
    plain = [plainly(question) for question in questions]
    return tx.rows(
        rows.SAID_PLAINLY,
        id=[row.id for row in refused],
        text=[one.text for one in plain],
        content=[
            orjson.dumps({**one.content, "instead_of": _refused(row)}).decode()
            for one, row in zip(plain, refused, strict=True)
        ],
    )


def _refused(row: RefusedSend) -> dict[str, Any]:
    """The content stored for a question that is sent as plain text."""
    known = {"kind": row.kind, "text": row.text, "refused": row.error_code, "external_id": row.external_id}
    return {**row.content, **known}


def hold_customer(tx: Tx, conversation_id: int, wait_s: float) -> None:
    tx.run("outbox.hold_customer", conversation_id=conversation_id, wait_s=wait_s)


def hold_number(tx: Tx, channel_kind: str, address: str, wait_s: float, why: str) -> None:
    tx.run("outbox.hold_number", channel_kind=channel_kind, number=number_of(address), wait_s=wait_s, why=why)


def resume_number(tx: Tx, channel_kind: str, address: str) -> bool:
    return tx.run("outbox.resume_number", channel_kind=channel_kind, number=number_of(address)) > 0


def rescue(tx: Tx, *, lease_s: float, settle_s: float, size: int = 500) -> list[Correlated]:
    """Sends whose sender died become unknown."""
    return tx.rows(rows.RESCUED, lease_s=lease_s, settle_s=settle_s, size=size)


def give_time(tx: Tx, *, settle_s: float) -> int:
    """Let statuses have their whole time again for every unknown send. How many."""
    return tx.run("outbox.give_time", settle_s=settle_s)


def settle(tx: Tx, *, size: int = 500) -> list[Settled]:
    """Unknown sends whose time is over: once more, or for staff."""
    return tx.rows(rows.SETTLED, size=size)


def figures(tx: Tx) -> Unsent:
    return tx.first(rows.OUTBOX_FIGURES)

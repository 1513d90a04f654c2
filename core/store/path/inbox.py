"""The inbox: events that can change a conversation, deduplicated and kept in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from core.kinds import FROM_A_CUSTOMER, KINDS, QUIET
from core.messages import Event, correlation_id
from core.store.db import Database, Tx
from core.store.path import rows
from core.store.path.rows import AcceptedRow, Buried, Waiting
from core.store.people import contacts, person


@dataclass(frozen=True, slots=True)
class Accepted:
    """The result of accepting one event: new, or a duplicate that was accepted before."""

    external_id: str
    kind: str
    fresh: bool
    retries: int
    state: str

    @property
    def correlation_id(self) -> str:
        return correlation_id(self.external_id)


def accept(tx: Tx, events: Sequence[Event], *, strangers: Sequence[Event] | None = None) -> list[Accepted]:
    """Accept events into the inbox, idempotently: deduplicated by `external_id`; duplicates are counted, not stored.

    `strangers` are those whose sender may be new (all of them, when not given). A copy of what was erased with its
    sender is not accepted again.
    """
    if not events:
        return []
    folded = _fold(events)
    new = _without_copies(tx, folded.values() if strangers is None else strangers, folded)
    contacts.meet(tx, new)
    accepted = _accept(tx, list(folded.values()), folded, events)
    missing = _without_copies(tx, _left_out(folded, accepted), folded)
    if missing:  # a number that no row knows, or a stranger whom another group is meeting at this moment
        places = sorted({(e.channel_kind, e.address) for e in missing})
        tx.run("inbox.add_channels", kind=[kind for kind, _ in places], address=[address for _, address in places])
        contacts.meet(tx, missing)
        accepted += _accept(tx, missing, folded, events)
    return accepted


def accept_known(db: Database, events: Sequence[Event]) -> list[Accepted]:
    """The same in one trip, a commit of its own, for senders who were met before.

    Nothing is accepted, and nothing returned, when one of them turns out to be a stranger.
    """
    folded = _fold(events)
    found = db.at_once(rows.ACCEPTED, **_columns(list(folded.values()), folded, events, or_none=True))
    return _accepted(found)


Key = tuple[str, str, str]


def _key(event: Event) -> Key:
    return event.channel_kind, event.address, event.external_id


def _fold(events: Sequence[Event]) -> dict[Key, Event]:
    """The first copy of each: one statement cannot touch a row twice."""
    folded: dict[Key, Event] = {}
    for event in events:
        folded.setdefault(_key(event), event)
    return folded


def _without_copies(tx: Tx, strangers: Iterable[Event], folded: dict[Key, Event]) -> list[Event]:
    """These strangers' events, without those that came before their sender was erased; nothing is left of those."""
    events = list(strangers)
    copies = person.copies(tx, [event.external_id for event in events]) if events else set()
    for event in events:
        if event.external_id in copies:
            folded.pop(_key(event), None)
    return [event for event in events if event.external_id not in copies]


def _left_out(folded: dict[Key, Event], accepted: Sequence[Accepted]) -> list[Event]:
    if len(accepted) == len(folded):
        return []
    there = {a.external_id for a in accepted}
    return [event for event in folded.values() if event.external_id not in there]


def _accept(tx: Tx, items: Sequence[Event], folded: dict[Key, Event], events: Sequence[Event]) -> list[Accepted]:
    return _accepted(tx.rows(rows.ACCEPTED, **_columns(items, folded, events, or_none=False)))


def _accepted(found: Sequence[AcceptedRow]) -> list[Accepted]:
    return [Accepted(row.external_id, row.kind, row.fresh, row.retries, row.state) for row in found]


def _columns(
    items: Sequence[Event], folded: dict[Key, Event], events: Sequence[Event], *, or_none: bool
) -> dict[str, Any]:
    copies = dict.fromkeys(folded, -1)
    for event in events:
        if _key(event) in copies:
            copies[_key(event)] += 1
    names = [contacts.primary(event.sender) for event in items]
    errors = [_why_nobody_answers(event) for event in items]
    return {
        "channel_kind": [e.channel_kind for e in items],
        "address": [e.address for e in items],
        "external_id": [e.external_id for e in items],
        "kind": [e.kind for e in items],
        "origin": [e.origin for e in items],
        "text": [e.text for e in items],
        "content": [orjson.dumps(e.content).decode() for e in items],
        "raw": [e.raw for e in items],
        "sent_at": [e.sent_at for e in items],
        "state": [_state(e, error) for e, error in zip(items, errors, strict=True)],
        "error": errors,
        "copies": [copies[_key(e)] for e in items],
        "alias_kind": [kind for kind, _ in names],
        "alias_value": [value for _, value in names],
        "or_none": or_none,
    }


def _why_nobody_answers(event: Event) -> str | None:
    if event.error or event.kind in QUIET:
        return event.error
    return None if event.sender and event.sender.aliases else "nobody is named as its sender"


def _state(event: Event, error: str | None) -> str:
    if error:
        return "buried"
    return "done" if event.kind in QUIET else "waiting"


def mark_of(event: Event, why: str) -> Event:
    """The placeholder stored for an event that the database refuses: its ids, and why it cannot be processed."""
    error = f"could not be stored: {why}"
    return replace(event, kind="unreadable", text="", content={}, sender=None, sent_at=None, error=error)


def finish(tx: Tx, done: Sequence[tuple[int, int, str | None]]) -> int:
    """These events (id, attempts, error) have taken effect; with an error they are dead letters."""
    return tx.run(
        "inbox.finish", id=[i for i, _, _ in done], attempts=[a for _, a, _ in done], error=[e for _, _, e in done]
    )


def note_failure(tx: Tx, failed: Sequence[tuple[int, int, str]]) -> None:
    """These (id, attempts, error) did not work this time, and will be tried again."""
    tx.run(
        "inbox.note_failure",
        id=[i for i, _, _ in failed],
        attempts=[a for _, a, _ in failed],
        error=[e for _, _, e in failed],
    )


def replay(tx: Tx, event_id: int) -> bool:
    """Put a dead letter back in line; False when it cannot be."""
    return tx.run("inbox.replay", id=event_id) == 1


def figures(tx: Tx) -> Waiting:
    return tx.first(rows.INBOX_FIGURES)


def buried(tx: Tx) -> list[Buried]:
    """The newest dead letters, without what they say."""
    return tx.rows(rows.BURIED)


def add_own(
    tx: Tx, conversation_id: int | None, external_id: str, kind: str, content: Mapping[str, Any], *, text: str = ""
) -> int | None:
    """An event that we ourselves make; its id, or None when there is no such conversation."""
    row = tx.one(
        rows.OWN,
        conversation_id=conversation_id,
        external_id=external_id,
        kind=kind,
        origin=KINDS.get(kind, FROM_A_CUSTOMER).origin,
        text=text,
        content=orjson.dumps(content).decode(),
    )
    return row.id if row else None

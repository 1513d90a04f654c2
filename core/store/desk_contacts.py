"""Contacts that staff mapped to one of several desks of an owner, and the numbers that desks share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.messages import Event
from core.resolution import Known, number_of
from core.store import rows
from core.store.db import Database, Tx


def in_use(db: Database) -> tuple[bool, frozenset[tuple[str, str]]]:
    """Whether any contact is mapped, and the numbers (kind, number) that several desks share."""
    [row] = db.at_once(rows.DESK_CONTACTS_IN_USE)
    pairs = (place.partition(" ") for place in row.shared)
    return row.mapped, frozenset((kind, number) for kind, _, number in pairs)


def known(tx: Tx, events: Sequence[Event]) -> list[Known]:
    """For each event, what is stored of its channel and its sender."""
    senders = [event.sender.aliases if event.sender else () for event in events]
    names = [(ord_, rank, name) for ord_, aliases in enumerate(senders) for rank, name in enumerate(aliases)]
    found = tx.rows(
        rows.DESK_CONTACTS_KNOWN,
        ord=list(range(len(events))),
        channel_kind=[event.channel_kind for event in events],
        address=[event.address for event in events],
        alias_ord=[ord_ for ord_, _, _ in names],
        rank=[rank for _, rank, _ in names],
        kind=[name[0] for _, _, name in names],
        value=[name[1] for _, _, name in names],
    )
    return [
        Known(event.address, row.own, row.mapped, frozenset(row.branches), row.name, row.number)
        for event, row in zip(events, found, strict=True)
    ]


def first_copies(db: Database, events: Sequence[Event]) -> Mapping[tuple[str, str], str]:
    """The address at which each of these events lies already, by the kind of its channel and its external id."""
    found = db.at_once(
        rows.DESK_CONTACTS_COPIES,
        channel_kind=[event.channel_kind for event in events],
        address=[event.address for event in events],
        external_id=[event.external_id for event in events],
    )
    return {(row.kind, row.external_id): row.address for row in found}


def share(tx: Tx, kind: str, address: str, desk_id: str) -> None:
    """Have a desk answer at the address at which it shares a number."""
    tx.run("desk_contacts.share", kind=kind, address=address, number=number_of(address), desk_id=desk_id)


def put(tx: Tx, kind: str, value: str, desk_id: str, *, by: str) -> None:
    """Map a contact to a desk."""
    tx.run("desk_contacts.map", kind=kind, value=value, desk_id=desk_id, by=by)


def remove(tx: Tx, kind: str, value: str) -> str | None:
    """Take a contact's mapping away. The desk it was mapped to; None when to none."""
    row = tx.one(rows.DESK_CONTACTS_UNMAP, kind=kind, value=value)
    return row.desk_id if row else None


def mapped(tx: Tx, desk_id: str | None = None) -> list[rows.MappedContact]:
    return tx.rows(rows.DESK_CONTACTS_MAPPED, desk_id=desk_id)

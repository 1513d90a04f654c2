"""One person's data: found, listed and erased.

An erasure is one short transaction that cuts the person off — the names, what waits, the sessions — and then small
ones that take the rest away. After the first, nobody is recognised, answered or worked for; who writes again is a
stranger. `core/erasing.py` drives it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.store.db import Tx
from core.store.people import rows
from core.tombstone import Alias, AliasDigest

PERSONAL: Final = frozenset(
    "contacts aliases conversations sessions inbox outbox deliveries steps timers tickets ticket_changes surveys"
    " survey_answers errands quotes bookings photos own_files proofs web_sessions desk_contacts".split()
)
"""The tables that hold something of a person: exported whole, and erased."""

NOT_PERSONAL: Final[Mapping[str, str]] = {
    "desks": "a business",
    "channels": "its numbers",
    "holds": "a place and a time, for a conversation's number; it stays, and the number goes",
    "hold_acts": "the same",
    "catalogue": "its own lists, which it keeps by itself; `report` leaves out the columns that name a person",
    "equipment": "its own list",
    "centres": "its own list",
    "vehicles": "its own list",
    "customers": "its own list of whom it serves, which it keeps by itself",
    "survey_questions": "its own questions",
    "heartbeats": "processes",
    "operations": "backups, drills and the like, and how they went",
    "log_level": "how much is logged",
    "alarms": "what is the matter with the service",
    "rollouts": "versions; numbers of conversations at most",
    "happenings": "counts; a conversation's number at most",
    "last_posts": "times",
    "staff": "those who work here",
    "staff_sessions": "their sessions",
    "sign_in_tries": "their tries",
    "audit": "what they did, which names a customer by number alone; it is only ever added to",
    "switches": "what staff turned off",
    "uploads": "ids under which a platform keeps pictures of ours, by their content; gone after a month",
    "files": "photos by their content, gone with the rows that name them",
    "rate_windows": "hashes of who asks how often, gone within minutes",
    "console_runs": "what staff asked the database: gone when it names the person",
    "console_queries": "the same",
    "ticket_links": "hashes of links to what a ticket says without personal data; gone with an erased ticket's person",
    "sweeps": "how far a sweep has come",
    "tombstones": "digests of names that were erased",
    "erased_events": "digests of messages that were erased",
}
"""The other tables, and why nothing of a person is in them. A test sees that every table is in one of the two."""

SHORTEST_DIGITS = 4
SHORTEST_NAME = 6
"""A name this short is not looked for in what came without a conversation: it would be found in anything."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    digest: str
    key: str
    erased_at: datetime


@dataclass(frozen=True, slots=True)
class Gone:
    """The rows that one small erasing transaction removed."""

    part: str
    rows: int
    files: tuple[tuple[str, datetime], ...] = ()
    """Photos by name, and when they were kept; whether another one names the same file is asked when it is dropped."""
    left: int = 0
    """So many of them are still there, because the storage was away: the sweep takes them."""


def find(tx: Tx, name: str) -> list[rows.FoundPerson]:
    """People with this name on any channel, or whose phone ends in these digits (four at least)."""
    digits = re.sub(r"\D", "", name) if re.fullmatch(r"[\d\s()+.-]+", name) else ""
    return tx.rows(rows.FOUND, name=name.strip(), digits=digits if len(digits) >= SHORTEST_DIGITS else "")


def holdings(tx: Tx, contact_id: int) -> rows.Holdings | None:
    """A contact's identities, and how many rows of each kind are stored about it."""
    return tx.one(rows.HOLDINGS, contact_id=contact_id)


def cut(tx: Tx, contact_id: int, digests: AliasDigest) -> list[Tombstone] | None:
    """Cut this person off: from the commit on, nobody here knows who it was. None: there is no such person."""
    there = tx.one(rows.LOCKED, contact_id=contact_id)
    if there is None:
        return None
    names = [Alias(row.scope, row.kind, row.value) for row in tx.rows(rows.NAMES, contact_id=contact_id)]
    stones = [Tombstone(digests.digest(name), digests.key, there.now) for name in names]
    remember(tx, stones)
    tx.run("person.mark_events", contact_id=contact_id)
    for statement in CUTS:
        tx.run(statement, contact_id=contact_id)
    values = [name.value for name in names]
    telling = [value for value in values if len(value) >= SHORTEST_NAME]
    tx.run("person.cut_nameless", values=telling)
    tx.run("person.cut_questions", values=telling, contact_id=contact_id)
    tx.run("person.cut_statuses", values=values)
    tx.run("person.cut_web", values=values)
    tx.run("person.cut_names", contact_id=contact_id)
    tx.run("person.cut_contact", contact_id=contact_id)
    return stones


CUTS = (
    "person.cut_sessions",
    "person.cut_waiting",
    "person.cut_errands",
    "person.cut_timers",
    "person.cut_sends",
    "person.cut_mapping",
)
"""In the order in which a turn takes its locks."""


def uploads(tx: Tx, contact_id: int) -> list[str]:
    """Files that this person uploaded and that were not looked into yet."""
    return [row.sha256 for row in tx.rows(rows.UPLOADS, contact_id=contact_id)]


def doomed(tx: Tx) -> int | None:
    """Somebody who was cut off, and of whom there are rows left."""
    row = tx.one(rows.DOOMED)
    return int(row.id) if row else None


def erase_some(tx: Tx, contact_id: int, *, size: int) -> Gone | None:
    """One small batch of what is left of somebody who was cut off; None when nothing is left at all."""
    for part, statement in PARTS.items():
        row = tx.one(statement, contact_id=contact_id, size=size)
        if row is not None and row.gone:
            return Gone(part, row.gone)
    kept = tx.rows(rows.ERASED_PHOTOS, contact_id=contact_id, size=size)
    if kept:
        return Gone("photos", len(kept), tuple((row.sha256, row.stored_at) for row in kept))
    last = tx.run("person.erase_contact", contact_id=contact_id)
    return Gone("contacts", last) if last else None


PARTS: Final = {
    "sends": "person.erase_sends",
    "events": "person.erase_events",
    "steps": "person.erase_steps",
    "errands": "person.erase_errands",
    "quotes": "person.erase_quotes",
    "bookings": "person.erase_bookings",
    "own_files": "person.erase_own_files",
    "proofs": "person.erase_proofs",
    "tickets": "person.erase_tickets",
}


def remember(tx: Tx, stones: Sequence[Tombstone]) -> None:
    """Set these tombstones, or the later date on those that stand."""
    by_key: dict[str, dict[str, datetime]] = {}
    for stone in stones:
        latest = by_key.setdefault(stone.key, {})
        latest[stone.digest] = max(stone.erased_at, latest.get(stone.digest, stone.erased_at))
    for key, latest in by_key.items():
        tx.run("person.remember", key=key, digest=list(latest), erased_at=list(latest.values()))


def tombstones(tx: Tx) -> list[Tombstone]:
    return [Tombstone(row.digest, row.key, row.erased_at) for row in tx.rows(rows.TOMBSTONES)]


def living(tx: Tx, *, after: int, size: int) -> list[rows.Living]:
    """A page of the people there are, a row for each name."""
    return tx.rows(rows.LIVING, after=after, size=size)


def copies(tx: Tx, external_ids: Sequence[str]) -> set[str]:
    """Return the events among these that are copies of an erased person's messages, for deduplication."""
    return {row.external_id for row in tx.rows(rows.COPIES, external_id=list(external_ids))}


def forget_events(tx: Tx, *, size: int) -> int:
    return tx.run("person.forget_events", size=size)

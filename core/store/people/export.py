"""Export of one person's rows, a page at a time, as lines of JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.store.db import Database, Row
from core.store.people.rows import STAFF

AT_ONCE = 500

TABLES: Final = {
    "contacts": "person_export.contact",
    "aliases": "person_export.aliases",
    "conversations": "person_export.conversations",
    "sessions": "person_export.sessions",
    "inbox": "person_export.inbox",
    "outbox": "person_export.outbox",
    "deliveries": "person_export.deliveries",
    "steps": "person_export.steps",
    "timers": "person_export.timers",
    "tickets": "person_export.tickets",
    "ticket_changes": "person_export.ticket_changes",
    "surveys": "person_export.surveys",
    "survey_answers": "person_export.survey_answers",
    "errands": "person_export.errands",
    "quotes": "person_export.quotes",
    "bookings": "person_export.bookings",
    "photos": "person_export.photos",
    "own_files": "person_export.own_files",
    "proofs": "person_export.proofs",
    "web_sessions": "person_export.web_sessions",
    "desk_contacts": "person_export.desk_contacts",
}
TRANSCRIPT = "person_export.transcript"


def rows(db: Database, statement: str, contact_id: int) -> Iterator[Row]:
    """The rows of one statement, page by page; no transaction is open while somebody slow takes them."""
    after = -1
    while True:
        with db.transaction() as tx:
            page = tx.rows(statement, contact_id=contact_id, after=after, size=AT_ONCE)
        if not page:
            return
        yield from page
        after = page[-1].after


def staff(db: Database) -> list[str]:
    """The log-in names of those who work here, longest first."""
    with db.transaction() as tx:
        return [row.email for row in tx.rows(STAFF)]

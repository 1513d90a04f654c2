"""Public links to tickets: a link opens one redacted ticket until it expires or is revoked."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from core.store.chat import rows
from core.store.db import Tx
from core.store.path import inbox


@dataclass(frozen=True, slots=True)
class Link:
    ticket: str
    key: str
    expires_at: datetime


def open_link(tx: Tx, ticket: str, *, within_s: float) -> Link | None:
    """The link of a ticket; None when there is no such ticket."""
    row = tx.one(rows.OPENED, ticket=ticket, key=secrets.token_urlsafe(18), within_s=within_s)
    return Link(ticket, row.key, row.expires_at) if row else None


def find(tx: Tx, ticket: str, key: str) -> rows.LinkedTicket | None:
    """The ticket, for who shows the right key in time. In constant time, so that a key is not guessed letter by letter."""
    row = tx.one(rows.LINKED, ticket=ticket)
    shown = key.encode("utf-8", "surrogatepass")
    return row if row is not None and hmac.compare_digest(row.key.encode(), shown) else None


def steps(tx: Tx, ticket: rows.LinkedTicket) -> rows.TicketSteps:
    """When a ticket got how far."""
    return tx.first(rows.STEPS, ticket=ticket.number, conversation_id=ticket.conversation_id)


def usual_s(tx: Tx, desk: str, kind: str) -> float | None:
    """How long tickets like this took lately; None while too few were resolved."""
    found = tx.one(rows.USUAL, desk=desk, kind=kind)
    return found.median_s if found else None


def ask_turn(tx: Tx, ticket: rows.LinkedTicket, action: str, *, text: str = "", once: str) -> str | None:
    """Put a form of a ticket's page into the inbox, as an event of its conversation. Its external id; None: there is no such
    conversation any more."""
    external_id = f"page:{sha256(f'{ticket.number} {action} {once}'.encode()).hexdigest()[:40]}"
    content = {"number": ticket.number, "action": action}
    told = inbox.add_own(tx, ticket.conversation_id, external_id, "ticket_told", content, text=text)
    return external_id if told else None


def newest_open(tx: Tx, secret_hash: str) -> rows.Escalated | None:
    """The ticket of this session in a browser that is looked after now."""
    return tx.one(rows.NEWEST_OPEN, secret_hash=secret_hash)


def own(tx: Tx, secret_hash: str, ticket: str) -> rows.Escalated | None:
    """This ticket, when it is one of this session in a browser."""
    return tx.one(rows.OWN, secret_hash=secret_hash, ticket=ticket)


def revoke(tx: Tx, ticket: str) -> bool:
    return tx.run("links.revoke", ticket=ticket) == 1


def of_conversation(tx: Tx, conversation_id: int, *, size: int = 20) -> list[rows.OwnTicket]:
    return tx.rows(rows.MINE, conversation_id=conversation_id, size=size)

"""Tickets outside the chat: a public page per link, and a WhatsApp link to a person, with the case written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from core import pii
from core.errors import Refused
from core.settings import Settings
from core.store.chat import links
from core.store.chat.links import Link
from core.store.chat.rows import LinkedTicket, OwnTicket, WebSession
from core.store.db import Database
from core.ttl_cache import TtlCache
from webhook.webchat import ticket_page
from webhook.webchat.ticket_words import words

LONGEST_NUMBER = 40
LONGEST_MESSAGE = 1_600
KEEP_S = 300.0


class NoTicket(Refused):
    """Raised when the link opens no ticket."""

    status = 404


@dataclass(frozen=True, slots=True)
class Tickets:
    db: Database
    settings: Settings
    usual: TtlCache[tuple[str, str], float] = field(default_factory=lambda: TtlCache(1000, KEEP_S))
    """How long tickets of a desk and a kind took, in seconds; 0 where nobody can tell."""

    def page(self, ticket: LinkedTicket) -> dict[str, Any]:
        """The content of a ticket's public page."""
        kind = (ticket.desk_id, ticket.kind)
        known = self.usual.get(kind)
        with self.db.transaction() as tx:
            steps = links.steps(tx, ticket)
            usual_s = (links.usual_s(tx, *kind) or 0.0) if known is None else known
        self.usual.put(kind, usual_s)
        return ticket_page.content(ticket, steps, usual_s or None)

    def ask_turn(self, ticket: LinkedTicket, action: str, *, text: str = "", once: str) -> str:
        """Put a form of the page into the inbox, for the next turn of the conversation. The external id of its event."""
        with self.db.transaction() as tx:
            told = links.ask_turn(tx, ticket, action, text=text, once=once)
        if told is None:
            raise NoTicket("the conversation of this ticket is gone")
        return told

    def find(self, number: str, key: str) -> LinkedTicket:
        """The ticket that this link opens. A wrong number, a wrong key and a link that is over are all the same."""
        with self.db.transaction() as tx:
            found = links.find(tx, number[:LONGEST_NUMBER], key[:200])
        if found is None:
            raise NoTicket("no ticket is opened by this link")
        return found

    def shared(self, number: str) -> Link | None:
        with self.db.transaction() as tx:
            return links.open_link(tx, number, within_s=self.settings.ticket_link_s)

    def mine(self, session: WebSession) -> list[OwnTicket]:
        """The tickets of whoever is in the chat."""
        if session.conversation_id is None:
            return []
        with self.db.transaction() as tx:
            return links.of_conversation(tx, session.conversation_id)


def redacted(ticket: LinkedTicket) -> dict[str, Any]:
    """The same for programs."""
    return {
        "ok": True,
        "ticketId": ticket.number,
        "status": ticket.status,
        "kind": ticket.kind,
        "summary": pii.mask(ticket.summary),
        "createdAt": ticket.created_at.isoformat(),
        "resolvedAt": ticket.resolved_at.isoformat() if ticket.resolved_at else None,
        "expiresAt": ticket.expires_at.isoformat(),
    }


def whatsapp_links(phone: str, text: str) -> dict[str, str]:
    """Ways to open WhatsApp with the text already written: anywhere, in the browser, in the app, on Android."""
    said = quote(text[:LONGEST_MESSAGE], safe="")
    return {
        "waUrl": f"https://wa.me/{phone}?text={said}",
        "waWebUrl": f"https://web.whatsapp.com/send?phone={phone}&text={said}",
        "waAppUrl": f"whatsapp://send?phone={phone}&text={said}",
        "waIntentUrl": f"intent://send?phone={phone}&text={said}#Intent;scheme=whatsapp;package=com.whatsapp;end",
    }


def whatsapp_way(ticket: LinkedTicket) -> str:
    """The link by which its customer writes to a person, with the case written; "" for a desk without a number."""
    phone = re.sub(r"\D", "", ticket.phone)
    hello = words(ticket.language)["hello"].format(number=ticket.number, summary=pii.mask(ticket.summary))
    return whatsapp_links(phone, hello)["waUrl"] if phone else ""

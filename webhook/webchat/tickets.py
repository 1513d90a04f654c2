"""Tickets outside the chat: a public page per link, and a WhatsApp link to a person, with the case written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from core import pii
from core.errors import Refused
from core.settings import Settings
from core.store.chat import links
from core.store.chat.links import Link
from core.store.chat.rows import LinkedTicket, OwnTicket, WebSession
from core.store.db import Database

LONGEST_NUMBER = 40
LONGEST_MESSAGE = 1_600

WORDS = {
    "es": {
        "pending": "Pendiente",
        "in_progress": "En proceso",
        "resolved": "Resuelto",
        "cancelled": "Cancelado",
        "opened": "Abierto",
        "resolved_at": "Resuelto",
        "note": "Esta página muestra el estado del ticket. Los datos personales están ocultos.",
        "hello": "Hola, necesito ayuda con el ticket {number}: {summary}",
    },
    "en": {
        "pending": "Pending",
        "in_progress": "In progress",
        "resolved": "Resolved",
        "cancelled": "Cancelled",
        "opened": "Opened",
        "resolved_at": "Resolved",
        "note": "This page shows how the ticket stands. Personal data is hidden.",
        "hello": "Hello, I need help with ticket {number}: {summary}",
    },
}


class NoTicket(Refused):
    """Raised when the link opens no ticket."""

    status = 404


@dataclass(frozen=True, slots=True)
class Tickets:
    db: Database
    settings: Settings

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


def page(ticket: LinkedTicket) -> dict[str, Any]:
    """The content of a ticket's public page."""
    return {
        "ticket": ticket,
        "words": words(ticket.language),
        "summary": pii.mask(ticket.summary),
        "opened": _local(ticket.created_at, ticket),
        "resolved": _local(ticket.resolved_at, ticket) if ticket.resolved_at else "",
    }


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


def words(language: str) -> dict[str, str]:
    return WORDS.get(language[:2], WORDS["es"])


def _local(at: datetime, ticket: LinkedTicket) -> str:
    """The time at the desk, with the name of its zone where the desk tells it."""
    written = at.astimezone(ZoneInfo(ticket.timezone)).strftime("%d-%m-%Y %H:%M")
    return f"{written} ({ticket.zone})" if ticket.zone else written

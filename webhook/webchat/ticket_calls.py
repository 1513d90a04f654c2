"""Tickets over HTTP: created without a form, and listed for key holders."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import Any

from flask import Blueprint, request

from core import pii
from core.errors import BadBody, Refused, Unreachable
from core.messages import Event
from core.store.chat import links
from core.store.chat.rows import Escalated, WebSession
from core.store.staff import audit, tickets
from core.store.staff.rows.tickets import ListedTicket, TicketPage
from core.store.staff.tickets import Place, Wanted
from core.wire import webchat
from core.wire.untrusted import clean
from core.wire.webchat import visitor
from webhook.keyholder import Keyholder
from webhook.webchat.refusals import answered
from webhook.webchat.rooms import Webchat
from webhook.webchat.ticket_words import words
from webhook.webchat.tickets import LONGEST_NUMBER, NoTicket, redacted, whatsapp_links

READER, WITHDRAWER = "tickets token", "delete token"
OPEN = ("pending", "in_progress")
MOST = 100
USUAL = 50
LONGEST = {"name": 60, "device": 100, "history": 1000}
BUTTONS = {"es": ("Escribir por WhatsApp", "Ver el ticket"), "en": ("Write on WhatsApp", "See the ticket")}


class NoConsent(Refused):
    """The ticket goes to WhatsApp: the customer must want that."""

    status = 403


def add_to(routes: Blueprint, rooms: Webchat, keyholder: Keyholder) -> None:
    _add_own(routes, rooms)
    _add_all(routes, rooms, keyholder)


def _add_own(routes: Blueprint, rooms: Webchat) -> None:
    """Routes for the customer of a session."""

    @routes.post("/whatsapp-ticket")
    @answered
    def wanted() -> dict[str, Any]:
        return _made(rooms, rooms.body())

    @routes.post("/ticket/create")
    @answered
    def created() -> dict[str, Any]:
        fields = rooms.body()
        if fields.get("consent") is not True:
            raise NoConsent("the customer must consent to WhatsApp")
        return _made(rooms, fields)

    @routes.post("/ticket/link")
    @answered
    def link() -> dict[str, Any]:
        """Every way to a ticket of this chat."""
        fields = rooms.body()
        session = rooms.session(fields)
        rooms.guard.check_token(request, session, fields)
        rooms.limits.check(rooms.settings.limit_ticket, "ticket", rooms.guard.address(request))
        return {"ok": True, **_ways(rooms, _own(rooms, session, fields.get("ticketId")))}


def _add_all(routes: Blueprint, rooms: Webchat, keyholder: Keyholder) -> None:
    """Routes for who holds a link or a key."""

    @routes.get("/ticket/<number>")
    @answered
    def ticket(number: str) -> dict[str, Any]:
        """A ticket: without personal data for who holds its link, whole for who holds the token."""
        if keyholder.shown(request, "tickets"):
            return _whole(rooms, number)
        rooms.limits.check(rooms.settings.limit_ticket, "ticket", rooms.guard.address(request))
        shown = request.args.get("key") or request.headers.get("X-Ticket-Key") or ""
        return redacted(rooms.tickets.find(number, shown))

    @routes.delete("/ticket/<number>")
    @answered
    def withdrawn(number: str) -> dict[str, Any]:
        """Its link opens nothing any more; the next turn of its conversation cancels it and tells its customer."""
        keyholder.check(request, "delete")
        return _withdrawn(rooms, number)

    @routes.get("/tickets")
    @answered
    def listed() -> dict[str, Any]:
        """All tickets, newest first; `next` is the `after` of the page that follows."""
        keyholder.check(request, "tickets")
        return _page(rooms, request.args)


def _made(rooms: Webchat, fields: dict[str, Any]) -> dict[str, Any]:
    """The ticket that a turn opened for this, or the open one that served; and every way to it."""
    session = rooms.session(fields)
    rooms.guard.check_token(request, session, fields)
    rooms.limits.check(rooms.settings.limit_whatsapp_ticket, "whatsapp_ticket", session.secret_hash)
    rooms.chat.speak(session)
    if rooms.chat.put(session, _event(session, fields)).rows is None:
        raise Unreachable("the ticket takes longer; asked for again, it is the same one")
    with rooms.tickets.db.transaction() as tx:
        ticket = links.newest_open(tx, session.secret_hash)
    if ticket is None:
        raise Unreachable("the ticket was closed at this moment")
    return {"ok": True, "sessionId": fields.get("sessionId"), **_ways(rooms, ticket)}


def _own(rooms: Webchat, session: WebSession, number: Any) -> Escalated:
    with rooms.tickets.db.transaction() as tx:
        ticket = links.own(tx, session.secret_hash, number[:LONGEST_NUMBER]) if isinstance(number, str) else None
    if ticket is None:
        raise NoTicket("no such ticket of this chat")
    return ticket


def _whole(rooms: Webchat, number: str) -> dict[str, Any]:
    with rooms.tickets.db.transaction() as tx:
        found = tickets.in_full(tx, number[:LONGEST_NUMBER], desks=None)
        if found is None:
            raise NoTicket("there is no such ticket")
        audit.note(tx, who=READER, did="read a ticket", subject=f"ticket:{found.number}", desk=found.desk)
    given = found.content if isinstance(found.content, dict) else {}
    return {**_listed(found), "ok": True, "summary": found.summary, "name": found.contact_name, "content": given}


def _withdrawn(rooms: Webchat, number: str) -> dict[str, Any]:
    with rooms.tickets.db.transaction() as tx:
        found = tickets.find(tx, number[:LONGEST_NUMBER])
        if found is None:
            raise NoTicket("there is no such ticket")
        wanted = found.status in OPEN and tickets.ask_status(
            tx, found, "cancelled", by=WITHDRAWER, expected=found.status
        )
        closed = links.revoke(tx, found.number)
        audit.note(tx, who=WITHDRAWER, did="withdrew a ticket", subject=f"ticket:{found.number}", desk=found.desk_id)
    if wanted:
        rooms.door.ring()
    return {"ok": True, "ticketId": found.number, "cancelled": bool(wanted), "linkClosed": closed}


def _event(session: WebSession, fields: dict[str, Any]) -> Event:
    given = {name: fields[name] for name in LONGEST if isinstance(fields.get(name), str) and fields[name].strip()}
    return Event(
        external_id=f"web:{session.secret_hash[:24]}:ticket:{webchat.message_id(fields) or secrets.token_hex(8)}",
        kind="ticket_wanted",
        channel_kind="web",
        address=session.address,
        sender=visitor(session.secret_hash),
        content={name: clean(text.strip(), LONGEST[name]) for name, text in given.items()},
    )


def _ways(rooms: Webchat, ticket: Escalated) -> dict[str, Any]:
    link, here = rooms.tickets.shared(ticket.number), rooms.settings.reached_at
    if link is None:
        raise Unreachable("the ticket was erased at this moment")
    page, phone = f"{here}/ticket/{ticket.number}?key={link.key}", re.sub(r"\D", "", ticket.phone)
    hello = words(ticket.language)["hello"].format(number=ticket.number, summary=pii.mask(ticket.summary))
    ways = whatsapp_links(phone, f"{hello}\n{page}") if phone else {}
    write, see = BUTTONS.get(ticket.language[:2], BUTTONS["es"])
    outside = [{"label": write, "url": ways["waUrl"]}] if phone else []
    return {
        "ticketId": ticket.number, "publicUrl": page, "apiPublicUrl": f"{here}/api/ticket/{ticket.number}?key={link.key}",
        "allowWhatsapp": bool(phone), **dict.fromkeys(("waUrl", "waWebUrl", "waAppUrl", "waIntentUrl"), ""), **ways,
        "ui": {"buttons": [], "externalButtons": [*outside, {"label": see, "url": page}]},
    }  # fmt: skip


def _page(rooms: Webchat, asked: Any) -> dict[str, Any]:
    most = min(max(asked.get("limit", USUAL, type=int), 1), MOST)
    wanted = Wanted(desk=asked.get("desk"), status=asked.get("status"), kind=asked.get("kind"))
    with rooms.tickets.db.transaction() as tx:
        page = tickets.page(tx, wanted, desks=None, below=_place(asked.get("after")), most=most)
    following = f"{page.next.at.isoformat()}~{page.next.number}" if page.next else None
    return {"ok": True, "tickets": [_listed(row) for row in page.rows], "next": following}


def _place(after: str | None) -> Place | None:
    if not after:
        return None
    at, _, number = after.replace(" ", "+").partition("~")  # a plus that nobody wrote as %2B
    try:
        return Place(datetime.fromisoformat(at), number[:40])
    except ValueError:
        raise BadBody("after is the next of a page before") from None


def _listed(row: ListedTicket | TicketPage) -> dict[str, Any]:
    return {
        "ticketId": row.number, "desk": row.desk, "kind": row.kind, "status": row.status,
        "summary": pii.mask(row.summary), "assignee": row.assignee, "createdAt": row.created_at.isoformat(),
        "resolvedAt": row.resolved_at.isoformat() if row.resolved_at else None,
    }  # fmt: skip

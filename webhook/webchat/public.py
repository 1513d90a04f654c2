"""Public pages: a ticket, for whoever holds its link. They may look, add a detail, and take the ticket back.

The key of the link is what opens the page and what changes the ticket. A change comes from a form of the page: it carries the
key in its body, and its Origin must be ours, so no other site can send it. A turn decides what becomes of it.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, send_from_directory, url_for

from core.errors import Refused
from core.settings import Settings
from core.store.chat.rows import LinkedTicket
from core.wire.untrusted import clean
from webhook.webchat import limits as windows
from webhook.webchat.chat import Chat
from webhook.webchat.guard import Guard
from webhook.webchat.limits import Limits, TooMany
from webhook.webchat.rooms import Webchat
from webhook.webchat.tickets import Tickets, whatsapp_way

STATIC = Path(__file__).parent.parent / "static"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "report-uri /api/csp-report"
)
LONGEST_NOTE = 500
TOLD = {"added": "added", "cancel": "people"}
"""What the page says after each form; that it is cancelled only when it is."""


class _Page:
    def __init__(self, rooms: Webchat):
        self._chat: Chat = rooms.chat
        self._tickets: Tickets = rooms.tickets
        self._guard: Guard = rooms.guard
        self._limits: Limits = rooms.limits
        self._settings: Settings = rooms.settings

    def show(self, number: str) -> Response:
        """How a ticket stands, without personal data."""
        self._limits.check(self._settings.limit_ticket, "ticket", self._guard.address(request))
        key = request.args.get("key", "")
        ticket = self._tickets.find(number, key)
        told = TOLD.get(request.args.get("told", ""), "")
        if told == "people" and ticket.status == "cancelled":
            told = "cancelled"
        return _shown(ticket, self._tickets.page(ticket), told=told, phone=whatsapp_way(ticket))

    def add(self, number: str) -> Response:
        """A detail more."""
        ticket = self._asked(number)
        text = clean(request.form.get("text", "").strip(), LONGEST_NOTE)
        if text:
            self._ask_turn(ticket, "add", text)
        return _back(ticket, "added" if text else "")

    def cancel(self, number: str) -> Response:
        """The ticket is taken back; where somebody is at work on it, they are told."""
        ticket = self._asked(number)
        self._ask_turn(ticket, "cancel", "")
        return _back(ticket, "cancel")

    def _asked(self, number: str) -> LinkedTicket:
        """The ticket, for a form of its own page."""
        self._guard.check_own_page(request)
        self._limits.check(self._settings.limit_ticket, "ticket", self._guard.address(request))
        ticket = self._tickets.find(number, request.form.get("key", ""))
        self._limits.check(self._settings.limit_ticket_change, "ticket_change", ticket.number)
        return ticket

    def _ask_turn(self, ticket: LinkedTicket, action: str, text: str) -> None:
        once = request.form.get("once", "")[:64] or secrets.token_hex(8)
        self._chat.await_turn(
            lambda: self._tickets.ask_turn(ticket, action, text=text, once=once), waits=ticket.channel_kind == "web"
        )


def blueprint(rooms: Webchat) -> Blueprint:
    routes = Blueprint("public", __name__, template_folder="../templates", static_folder=None)
    routes.after_request(windows.with_headers)
    page = _Page(rooms)
    for rule, view, method in (
        ("/ticket/<number>", page.show, "GET"),
        ("/ticket/<number>/add", page.add, "POST"),
        ("/ticket/<number>/cancel", page.cancel, "POST"),
        ("/ticket.css", _look, "GET"),
    ):
        routes.add_url_rule(rule, view.__name__.strip("_"), view, methods=[method])
    routes.register_error_handler(TooMany, lambda no: _plain("Too many at once: come again in a minute.\n", no.status))
    routes.register_error_handler(Refused, lambda no: _plain("No ticket is opened by this link.\n", no.status))
    return routes


def _plain(text: str, status: int) -> Response:
    return Response(text, status, mimetype="text/plain")


def _shown(ticket: LinkedTicket, content: dict[str, Any], *, told: str, phone: str) -> Response:
    page = make_response(
        render_template(
            "ticket.html", look=url_for("public.look"), key=ticket.key, once=secrets.token_hex(12), longest=LONGEST_NOTE,
            told=told, write=phone, here=url_for("public.show", number=ticket.number, key=ticket.key), **content,
        )
    )  # fmt: skip
    page.headers["Content-Security-Policy"] = POLICY
    page.headers["Referrer-Policy"] = "same-origin"  # a form must say where it comes from; no other site learns the key
    return page


def _back(ticket: LinkedTicket, told: str) -> Response:
    """To the page again, so that a reload sends nothing twice."""
    to = url_for("public.show", number=ticket.number, key=ticket.key, told=told or None)
    answer = make_response(redirect(to, 303))
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def _look() -> Response:
    page = send_from_directory(STATIC, "ticket.css", max_age=3600)
    page.headers["Cache-Control"] = "public, max-age=3600"
    return page

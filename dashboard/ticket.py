"""One ticket: what it is about, what became of it, and what staff do with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from core import bell
from core.store import audit, tickets
from core.store.db import Row, Tx
from core.store.tickets import STATUSES
from dashboard import answers, forms, masks
from dashboard.conversation.telling import coordinates
from dashboard.guard import allowed, current
from dashboard.window import Window

LONGEST_NOTE = 300
"""What the customer is told at most."""


def add_to(blueprint: Blueprint, window: Window) -> None:
    @blueprint.get("/tickets/<number>")
    @allowed("viewer")
    def ticket(number: str) -> str:
        with window.db.transaction() as tx:
            found = _find(tx, number)
            shown = _shown(tx, found)
            if current().may(masks.READS_TEXT):
                audit.note(
                    tx, who=current().email, did="read a ticket", subject=f"ticket:{found.number}", desk=found.desk
                )
        return render_template("ticket_page.html", **shown)

    @blueprint.post("/tickets/<number>/status")
    @allowed("operator")
    def change_ticket(number: str) -> Response:
        """Refused when the status is no longer what the form showed."""
        with window.db.transaction() as tx:
            found = _find(tx, number)
            told, kind = _change(tx, found)
        answers.say(told, kind)
        window.bell.ring(bell.INBOX)
        return redirect(url_for("window.ticket", number=found.number), 303)

    @blueprint.post("/tickets/<number>/assignee")
    @allowed("operator")
    def assign_ticket(number: str) -> Response:
        with window.db.transaction() as tx:
            found = _find(tx, number)
            told, kind = _assign(tx, found)
        answers.say(told, kind)
        return redirect(url_for("window.ticket", number=found.number), 303)


def _find(tx: Tx, number: str) -> Row:
    found = tickets.look(tx, number, desks=current().desk_list)
    if found is None:
        abort(404, "There is no such ticket, or it is none of your desks'.")
    return found


def _change(tx: Tx, found: Row) -> tuple[str, str]:
    wanted, expected, note = forms.text("status"), forms.text("expected"), forms.text("note", most=LONGEST_NOTE)
    status = next((known for known in STATUSES if known == wanted), None)
    if status is None:
        abort(400)
    if found.status == status:
        return f"{found.number} is {_plain(status)} already.", "warn"
    if not tickets.change(tx, found.number, status, by=current().email, note=note, expected=expected, once=forms.id()):
        return _stale(found.status), "bad"
    _note(tx, found, f"made a ticket {_plain(status)}")
    return _done(found, status), "good"


def _done(found: Row, status: str) -> str:
    told = "The customer is being told." if found.conversation_id else "There is no conversation to tell it in."
    asked = (
        " A while later the customer is asked how it went." if status == "resolved" and found.conversation_id else ""
    )
    return f"{found.number} is {_plain(status)} now. {told}{asked}"


def _stale(status: str) -> str:
    return f"Somebody was faster: it is {_plain(status)} now, not what this form showed. Nothing was changed."


def _assign(tx: Tx, found: Row) -> tuple[str, str]:
    assignee, expected = forms.text("assignee") or None, forms.text("expected") or None
    known = {row.email: row.name for row in tickets.assignees(tx, found.desk)}
    if assignee is not None and assignee not in known:
        return "That person is not here (any more). Nothing was changed.", "bad"
    who = known.get(assignee or "", "nobody")
    if found.assignee == assignee:
        return f"{found.number} is {who}'s already." if assignee else "It is nobody's already.", "warn"
    if not tickets.assign(tx, found.number, assignee, by=current().email, expected=expected):
        return f"Somebody was faster: it is {found.assignee_name or 'nobody'}'s now. Nothing was changed.", "bad"
    _note(tx, found, "assigned a ticket")
    return f"{who.capitalize() if not assignee else who} looks after {found.number} now.", "good"


def _note(tx: Tx, found: Row, did: str) -> None:
    audit.note(tx, who=current().email, did=did, subject=f"ticket:{found.number}", desk=found.desk)


def _plain(status: str) -> str:
    return status.replace("_", " ")


def _shown(tx: Tx, found: Row) -> dict[str, Any]:
    given = _inside(found.content, "given")
    return {
        "ticket": found,
        "given": {name: slot for name, slot in given.items() if isinstance(slot, Mapping) and name != "location"},
        "equipment": {k: v for k, v in _inside(found.content, "equipment").items() if v not in (None, "")},
        "arrival": _inside(found.content, "arrival"),
        "pin": coordinates(_inside(given, "location").get("value")),
        "history": tickets.history(tx, found.number),
        "photos": tickets.photos(tx, found.number, found.conversation_id) if found.conversation_id else [],
        "ratings": tickets.ratings(tx, found.number),
        "statuses": [(status, _plain(status)) for status in STATUSES if status != found.status],
        "assignees": [("", "Nobody"), *((row.email, row.name) for row in tickets.assignees(tx, found.desk))],
        "may_act": current().may("operator"),
        "may_read": current().may(masks.READS_TEXT),
    }


def _inside(found: object, name: str) -> Mapping[str, Any]:
    """What stands under a name, when it is a table."""
    value = found.get(name) if isinstance(found, Mapping) else None
    return value if isinstance(value, Mapping) else {}

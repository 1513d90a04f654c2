"""One ticket: its content, its history, and the changes that staff request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import bell
from core.store.db import Tx
from core.store.staff import audit, conversations, tickets
from core.store.staff.rows.tickets import TicketPage
from core.store.staff.tickets import STATUSES
from dashboard import answers, forms, masks
from dashboard.conversation.outcomes import Outcome, outcome_of
from dashboard.conversation.telling import coordinates
from dashboard.guard import allowed, current
from dashboard.window import Window

LONGEST_NOTE = 300
"""The longest note to a customer."""


def add_to(blueprint: Blueprint, window: Window) -> None:
    @blueprint.get("/tickets/<number>")
    @allowed("viewer")
    def ticket(number: str) -> str:
        with window.db.transaction() as tx:
            found = _find(tx, number)
            shown = _shown(tx, found, window.clock.now())
            if current().may(masks.READS_TEXT):
                audit.note(
                    tx, who=current().email, did="read a ticket", subject=f"ticket:{found.number}", desk=found.desk
                )
        return render_template("ticket_page.html", **shown)

    @blueprint.get("/tickets/<number>/outcome")
    @allowed("operator")
    def ticket_outcome(number: str) -> Response:
        """For a page that waits: what became of what was asked, and the whole page anew once that is known."""
        with window.db.transaction() as tx:
            outcome = _outcome(tx, _find(tx, number), window.clock.now())
        if outcome is None:
            abort(404)
        answer = make_response(render_template("outcome.html", outcome=outcome))
        if not outcome.waits:
            answer.headers["HX-Refresh"] = "true"
        return answer

    @blueprint.post("/tickets/<number>/status")
    @allowed("operator")
    def change_ticket(number: str) -> Response:
        return _ask(window, number, _ask_status)

    @blueprint.post("/tickets/<number>/assignee")
    @allowed("operator")
    def assign_ticket(number: str) -> Response:
        return _ask(window, number, _ask_assignee)


class _Needless(Exception):
    """Why it need not even be tried."""


def _ask(window: Window, number: str, ask: Callable[[Tx, TicketPage], tuple[str, int | None]]) -> Response:
    """Put it in the inbox, once however often the form is sent; the page tells what became of it."""
    try:
        with window.db.transaction() as tx:
            found = _find(tx, number)
            did, event_id = ask(tx, found)
            if event_id is None:
                raise _Needless("The customer was erased: the ticket stays as it is.")
            subject = f"ticket:{found.number} event:{event_id}"
            audit.note(tx, who=current().email, did=did, subject=subject, desk=found.desk)
    except _Needless as why:
        answers.say(str(why), "warn")
        return redirect(url_for("window.ticket", number=number), 303)
    window.bell.ring(bell.INBOX)
    return redirect(url_for("window.ticket", number=found.number, event=event_id) + "#outcome", 303)


def _find(tx: Tx, number: str) -> TicketPage:
    found = tickets.in_full(tx, number, desks=current().desk_list)
    if found is None:
        abort(404, "There is no such ticket, or it is none of your desks'.")
    return found


def _ask_status(tx: Tx, found: TicketPage) -> tuple[str, int | None]:
    wanted, expected, note = forms.text("status"), forms.text("expected"), forms.text("note", most=LONGEST_NOTE)
    status = next((known for known in STATUSES if known == wanted), None)
    if status is None:
        abort(400)
    event_id = tickets.ask_status(tx, found, status, by=current().email, note=note, expected=expected, once=forms.id())
    return f"made a ticket {_plain(status)}", event_id


def _ask_assignee(tx: Tx, found: TicketPage) -> tuple[str, int | None]:
    assignee, expected = forms.text("assignee"), forms.text("expected")
    known = {row.email: row.name for row in tickets.assignees(tx, [found.desk])}
    if assignee and assignee not in known:
        raise _Needless("That person is not here (any more). Nothing was changed.")
    event_id = tickets.ask_assignee(
        tx, found, assignee, by=current().email, name=known.get(assignee, ""), expected=expected, once=forms.id()
    )
    return "assigned a ticket", event_id


def _plain(status: str) -> str:
    return status.replace("_", " ")


def _shown(tx: Tx, found: TicketPage, now: datetime) -> dict[str, Any]:
    given = _inside(found.content, "given")
    return {
        "ticket": found,
        "given": {name: slot for name, slot in given.items() if isinstance(slot, Mapping) and name != "location"},
        "equipment": {k: v for k, v in _inside(found.content, "equipment").items() if v not in (None, "")},
        "arrival": _inside(found.content, "arrival"),
        "tried": _sentences(found.content, "tried"),
        "pin": coordinates(_inside(given, "location").get("value")),
        "outcome": _outcome(tx, found, now),
        "history": tickets.history(tx, found.number),
        "asked": tickets.asked(tx, found) if found.conversation_id else [],
        "photos": tickets.photos(tx, found.number, found.conversation_id) if found.conversation_id else [],
        "ratings": tickets.ratings(tx, found.number),
        "statuses": [(status, _plain(status)) for status in STATUSES if status != found.status],
        "assignees": [("", "Nobody"), *((row.email, row.name) for row in tickets.assignees(tx, [found.desk]))],
        "may_act": current().may("operator"),
        "may_read": current().may(masks.READS_TEXT),
    }


def _outcome(tx: Tx, found: TicketPage, now: datetime) -> Outcome | None:
    """The outcome of the change that was just requested."""
    event_id = request.args.get("event", type=int)
    event = conversations.event(tx, found.conversation_id, event_id) if event_id and found.conversation_id else None
    return outcome_of(event, now) if event and event.kind == "ticket" else None


def _sentences(found: object, name: str) -> list[str]:
    """The texts of a list under a name; none of anything else."""
    value = found.get(name) if isinstance(found, Mapping) else None
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _inside(found: object, name: str) -> Mapping[str, Any]:
    """The value under a name when it is a table, otherwise an empty one."""
    value = found.get(name) if isinstance(found, Mapping) else None
    return value if isinstance(value, Mapping) else {}

"""One booking, or one hold that is none yet: its holds, prices, errands, tickets, photos, and what staff did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.store.db import Tx
from core.store.staff import audit, bookings, conversations
from core.store.staff.rows.bookings import BookingPage, HoldPage, QuoteOf, TicketOf
from dashboard import masks
from dashboard.bookings import shown
from dashboard.bookings.shown import Booking
from dashboard.conversation.outcomes import Outcome, outcome_of
from dashboard.guard import allowed, current
from dashboard.window import Window

ID = "<int(max=9223372036854775807):id>"
Of = BookingPage | HoldPage


def add_to(blueprint: Blueprint, window: Window) -> None:
    booking = Booking(window)

    @blueprint.get(f"/bookings/{ID}", endpoint="booking")
    @allowed("viewer")
    def one(id: int) -> str:
        with window.db.transaction() as tx:
            found = bookings.in_full(tx, id, desks=current().desk_list)
            return _page(
                tx, booking, found or abort(404, "There is no such booking, or it is none of your desks'."), window
            )

    @blueprint.get(f"/holds/{ID}", endpoint="hold")
    @allowed("viewer")
    def held(id: int) -> str | Response:
        """A hold that became a booking is shown on its page."""
        with window.db.transaction() as tx:
            found = find_hold(tx, id)
            if found.booking_id:
                return redirect(
                    f"{url_for('window.booking', id=found.booking_id)}?{request.query_string.decode()}", 303
                )
            return _page(tx, booking, found, window)

    @blueprint.get("/bookings/outcome")
    @allowed("operator")
    def booking_outcome() -> Response:
        """For a page that waits: what became of what was pressed, and the whole page anew once that is known."""
        with window.db.transaction() as tx:
            outcome = _outcome(tx, window.clock.now()) or abort(404)
        answer = make_response(render_template("outcome.html", outcome=outcome))
        if not outcome.waits:
            answer.headers["HX-Refresh"] = "true"
        return answer


def find_hold(tx: Tx, id: int) -> HoldPage:
    found = bookings.hold(tx, id, desks=current().desk_list)
    return found or abort(404, "There is no such hold, or it is none of your desks'.")


def _page(tx: Tx, booking: Booking, of: Of, window: Window) -> str:
    page = render_template("booking_page.html", **_shown(tx, booking, of, window.clock.now()))
    if masks.may_read():
        what = "booking" if isinstance(of, BookingPage) else "hold"
        audit.note(tx, who=current().email, did=f"read a {what}", subject=f"{what}:{of.id}", desk=of.desk)
    return page


def _shown(tx: Tx, booking: Booking, of: Of, now: datetime) -> dict[str, Any]:
    related, whole = bookings.related(tx, of), of if isinstance(of, BookingPage) else None
    content = dict(whole.content) if whole and isinstance(whole.content, Mapping) else {}
    units = booking.of(of.menu)
    return {
        "of": of,
        "booking": whole,
        "related": related,
        "show": shown,
        "title": _title(of, content, related.quotes),
        "guest": shown.guest(content),
        "facts": shown.facts(content, units.shown if units else {}),
        "tables": list(shown.tables(content, units.shown if units else {})),
        "explained": units.attention.get(whole.attention, "") if whole and units else "",
        "open": [errand for errand in related.errands if errand.state == "unknown"],
        "receipts": _receipts(of, related.tickets),
        "movable": _movable(tx, booking, of, [hold.id for hold in related.holds if hold.state in ("held", "booked")]),
        "releasable": next((hold.id for hold in related.holds if hold.state == "held"), None) if not whole else None,
        "outcome": _outcome(tx, now),
        "waits": {"errand": request.args.get("errand", ""), "event": request.args.get("event", ""),
                  "of": of.conversation_id},
        "may_act": current().may("operator"),
        "may_read": masks.may_read(),
    }  # fmt: skip


def _title(of: Of, content: Mapping[str, Any], quotes: list[QuoteOf]) -> str:
    """The name of what is booked, as the customer was told it; its code where nothing tells."""
    told = (quote.title for quote in quotes if quote.resource == of.resource and quote.title)
    return str(content.get("name") or next(told, of.resource))


def _receipts(of: Of, tickets: list[TicketOf]) -> list[TicketOf]:
    """Open tickets about this hold: a person says yes or no to what the customer sent."""
    key = of.hold_key if isinstance(of, BookingPage) else of.key
    return [each for each in tickets if each.hold_key == key and key and each.status in ("pending", "in_progress")]


def _movable(tx: Tx, booking: Booking, of: Of, ids: list[int]) -> list[tuple[HoldPage, list[tuple[str, str]]]]:
    """Holds that may have another unit, each with those that are free; none where somebody else gives units out."""
    known = booking.of(of.menu)
    if known is None or not current().may("operator"):
        return []
    found = [bookings.hold(tx, id, desks=current().desk_list) for id in ids]
    free = [(hold, bookings.units(tx, hold, known.units, known.resource)) for hold in found if hold]
    return [(hold, [(unit, unit) for unit in units]) for hold, units in free if units]


def _outcome(tx: Tx, now: datetime) -> Outcome | None:
    """The outcome of what was just pressed: an answer to an errand, or an event of its conversation."""
    errand_id, event_id, of = (request.args.get(name, type=int) for name in ("errand", "event", "of"))
    if errand_id:
        errand = bookings.one_asked(tx, errand_id, desks=current().desk_list)
        told = bookings.told_of(tx, errand) if errand else None
        if errand and told is None:
            return Outcome(errand_id, "waiting", "Waiting for the worker…")
        of, event_id = errand.conversation_id if errand else None, told
    if not of or not event_id or conversations.find(tx, of, desks=current().desk_list) is None:
        return None
    event = conversations.event(tx, of, event_id)
    return outcome_of(event, now) if event and event.kind in ("errand", "hold") else None

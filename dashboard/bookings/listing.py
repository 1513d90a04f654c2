"""The list of bookings: above them what waits for a person, and what is held and not booked yet."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from core import signed_codes
from core.store import desks
from core.store.db import Tx
from core.store.staff import bookings
from core.store.staff.bookings import STATES, WALK, Page, Wanted
from dashboard import masks
from dashboard import wanted as asked
from dashboard.bookings import shown
from dashboard.bookings.shown import Booking
from dashboard.guard import allowed, current
from dashboard.window import Link, Window

CODE = re.compile(r"[A-Za-z0-9-]{1,40}\.[A-Za-z2-7]{16}")
"""The form of a code that a customer shows, as a scanner reads it."""
FILTERS = ("q", "state", "attention", "begins", "desk")


def add_to(blueprint: Blueprint, window: Window) -> None:
    booking = Booking(window)
    window.links.append(Link("Bookings", "window.bookings", shown=booking.shown_to))

    @blueprint.get("/bookings", endpoint="bookings")
    @allowed("viewer")
    def listed() -> str:
        if not booking.shown_to(current()):
            abort(404, "None of your desks books anything.")
        with window.db.transaction() as tx:
            return render_template("bookings.html", **_shown(tx, window, booking.ids()))


def _shown(tx: Tx, window: Window, booking: list[str]) -> dict[str, Any]:
    code = _code(window, booking)
    theirs, below, filtered = current().desk_list, asked.whole("below"), asked.chosen(*FILTERS)
    page = bookings.page(tx, _wanted(booking, (code and code[0]) or asked.word("q")), desks=theirs, below=below)
    first = below is None and not filtered
    known = [row for row in desks.named(tx, theirs) if row.id in booking]
    return {
        "page": page,
        "code": code,
        "asked": bookings.asked(tx, booking, desks=theirs) if first else [],
        "receipts": bookings.receipts(tx, booking, desks=theirs) if first else [],
        "held": bookings.held(tx, booking, desks=theirs) if first else [],
        "older": _older(page),
        "newest": url_for("window.bookings", **filtered) if request.args.get("below") else "",
        "walked": WALK,
        "chosen": {name: asked.word(name) or "" for name in FILTERS},
        "states": [("", "Any"), *((state, state) for state in STATES)],
        "desks": [("", "Every desk"), *((row.id, row.name) for row in known)],
        "looks": [("", "Any"), ("1", "Asks for a look")],
        "show": shown,
    }


def _code(window: Window, booking: list[str]) -> tuple[str, str] | None:
    """The number and desk of a code that a customer shows, both "" when it is none of ours. None: it is no code."""
    words = asked.word("q") or ""
    if not CODE.fullmatch(words):
        return None
    key = window.settings.codes_secret.get_secret_value()
    mine = [desk for desk in booking if current().sees(desk)]
    found = ((signed_codes.check(words, business=desk, key=key), desk) for desk in mine)
    return next(((subject, desk) for subject, desk in found if subject), ("", ""))


def _wanted(booking: list[str], words: str | None) -> Wanted:
    return Wanted(
        booking=booking,
        desk=asked.word("desk"),
        state=asked.word("state"),
        attention=bool(asked.word("attention")),
        begins=_day(asked.word("begins")),
        words=f"%{_literal(words)}%" if words else None,
        reads=masks.may_read(),
    )


def _day(given: str | None) -> date | None:
    """A day that was chosen; None where it is none."""
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        return None


def _literal(words: str) -> str:
    """A pattern that means what it says."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _older(page: Page) -> str:
    return url_for("window.bookings", **asked.chosen(*FILTERS), below=page.next) if page.next else ""

"""Acts of staff on bookings and holds: an answer to an errand, another unit, a hold that is released.

What the customer must hear is wanted here and done by a worker and a turn; each act counts once however often it is sent.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, url_for
from werkzeug.wrappers import Response

from core import bell
from core.errors import Rejected
from core.store.db import Tx
from core.store.promises import holds
from core.store.staff import audit, bookings
from core.store.staff.rows.bookings import AskedErrand, HoldPage
from dashboard import answers, forms
from dashboard.bookings.page import ID, find_hold
from dashboard.bookings.shown import Booking
from dashboard.guard import allowed, current
from dashboard.window import Window

LONGEST_NOTE, LONGEST_NUMBER = 300, 40
TOO_LATE = "Somebody was faster, and it is no longer what your page showed. Nothing was changed."


def add_to(blueprint: Blueprint, window: Window) -> None:
    booking = Booking(window)

    @blueprint.post(f"/errands/{ID}/answer")
    @allowed("operator")
    def answer_errand(id: int) -> Response:
        return _answered(window, id)

    @blueprint.post(f"/holds/{ID}/move")
    @allowed("operator")
    def move_hold(id: int) -> Response:
        forms.id()
        try:
            with window.db.transaction() as tx:
                hold = find_hold(tx, id)
                done = _move(tx, booking, hold)
        except Rejected:
            answers.say("Somebody else has that one meanwhile. Nothing was changed.", "warn")
        else:
            answers.say(*((f"It is {forms.text('unit')} now.",) if done else (TOO_LATE, "warn")))
        return redirect(url_for("window.hold", id=id), 303)

    @blueprint.post(f"/holds/{ID}/release")
    @allowed("operator")
    def release_hold(id: int) -> Response:
        with window.db.transaction() as tx:
            hold = find_hold(tx, id)
            event_id = _release(tx, hold)
        if event_id is None:
            answers.say("Released. There is nobody to tell.")
            return redirect(url_for("window.hold", id=id), 303)
        window.bell.ring(bell.INBOX)
        return redirect(url_for("window.hold", id=id, event=event_id, of=hold.conversation_id) + "#outcome", 303)


def _answered(window: Window, id: int) -> Response:
    """Put the answer into the errand, once; the page tells what became of it."""
    forms.id()
    with window.db.transaction() as tx:
        errand = bookings.one_asked(tx, id, desks=current().desk_list)
        if errand is None:
            abort(404, "There is nothing to say about that, or it is none of your desks'.")
        said = _answer(tx, errand)
    if not said:
        answers.say("It was answered already, or a worker has it in hand. Nothing was changed.", "warn")
        return redirect(_back(errand), 303)
    window.bell.ring(bell.ERRANDS)
    return redirect(_back(errand, errand=id) + "#outcome", 303)


def _answer(tx: Tx, errand: AskedErrand) -> bool:
    wanted, yes = forms.text("wanted", most=9), forms.text("yes", most=1)
    if not wanted.isascii() or not wanted.isdigit() or yes not in ("0", "1"):
        abort(400)
    more: dict[str, Any] = {}
    if reference := forms.text("reference", most=LONGEST_NUMBER):
        more["reference"] = reference
    said = bookings.answer(tx, errand, wanted=int(wanted), yes=yes == "1", by=current().email, more=more)
    if said:
        did = f"settled a {errand.service}: it {'happened' if yes == '1' else 'did not happen'}"
        audit.note(tx, who=current().email, did=did, subject=_subject(errand), desk=errand.desk)
    return said


def _subject(errand: AskedErrand) -> str:
    of = f"booking:{errand.booking_id}" if errand.booking_id else f"hold:{errand.hold_id}" if errand.hold_id else ""
    return f"{of} errand:{errand.id} conversation:{errand.conversation_id}".strip()


def _back(of: AskedErrand, **more: Any) -> str:
    """The page that the form stood on: of the booking, of the hold, or of the conversation where there is neither."""
    if of.booking_id:
        return url_for("window.booking", id=of.booking_id, **more)
    if of.hold_id:
        return url_for("window.hold", id=of.hold_id, **more)
    return url_for("window.conversation", id=of.conversation_id)


def _move(tx: Tx, booking: Booking, hold: HoldPage) -> bool:
    unit, known = forms.text("unit", most=80), booking.of(hold.menu)
    if known is None or forms.text("expected", most=80) != hold.unit:
        return False
    if unit not in bookings.units(tx, hold, known.units, known.resource):
        raise Rejected("taken")
    done = bookings.rehouse(tx, hold, unit)
    if done:
        subject = f"hold:{hold.id} from {hold.unit} to {unit}"
        audit.note(tx, who=current().email, did="moved a hold", subject=subject, desk=hold.desk)
    return done


def _release(tx: Tx, hold: HoldPage) -> int | None:
    """Have a turn do it and tell the customer; of a customer who was erased, do it at once."""
    note = forms.text("note", most=LONGEST_NOTE)
    event_id = bookings.ask_release(tx, hold, by=current().email, note=note, once=forms.id())
    if event_id is None:
        holds.release(tx, hold.desk, hold.key)
    subject = f"hold:{hold.id}" + (f" event:{event_id}" if event_id else "")
    audit.note(tx, who=current().email, did="released a hold", subject=subject, why=note, desk=hold.desk)
    return event_id

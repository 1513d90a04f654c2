"""Dead letters: list, details, dry run, replay and dismissal."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import bell
from core.dry_run import Trial
from core.errors import TurnoError
from core.store import desks
from core.store.db import Tx
from core.store.staff import audit, dead_letters
from core.store.staff.dead_letters import Filter
from core.store.staff.rows.dead_letters import DeadLetter, ErrorCount
from core.store.staff.search import FEWEST_DIGITS
from core.telemetry import masked
from dashboard import forms, masks
from dashboard.answers import say
from dashboard.conversation import searching
from dashboard.guard import allowed, current
from dashboard.wanted import whole
from dashboard.window import Link, Window

PAGE = 50
LONGEST_RAW = 20_000
EDGE = 64
"""Left out where a text is cut: half of a number there would not be masked."""
FILTERS = {"kind": "kind", "desk": "desk", "error": "error", "says": "error with", "phone": "phone that ends in"}
"""Filters and their labels."""
LATER = "Later events of this conversation took effect since: say that you want it all the same. Nothing was done."


def add_to(blueprint: Blueprint, window: Window) -> None:
    window.links.append(Link("Dead letters", "window.letters", "viewer", "work"))

    @blueprint.get("/letters")
    @allowed("viewer")
    def letters() -> str:
        return _list(window)

    @blueprint.get("/letters/<int:id>")
    @allowed("viewer")
    def letter(id: int) -> str:
        return _page(window, id)

    @blueprint.post("/letters/<int:id>/try")
    @allowed("operator")
    def try_letter(id: int) -> str:
        return _page(window, id, trial=_tried(window, id))

    @blueprint.post("/letters/<int:id>/replay")
    @allowed("operator")
    def replay_letter(id: int) -> Response:
        return _replay_one(window, id)

    @blueprint.post("/letters/<int:id>/discard")
    @allowed("operator")
    def discard_letter(id: int) -> Response:
        return _discard(window, id)


def asked() -> dict[str, str]:
    """The filters in the address or the form."""
    return {name: value for name in FILTERS if (value := request.values.get(name, ""))}


def wanted() -> Filter:
    """Never more than who asks may see. A phone without digits is a phone all the same: it fits nobody."""
    given: dict[str, str] = asked()
    if "phone" in given:
        digits = searching.digits_of(given["phone"])
        given["phone"] = "" if searching.must_be_whole(digits) else digits
    return Filter(desks=current().desk_list, **given)


def found(tx: Tx, id: int) -> DeadLetter:
    row = dead_letters.find(tx, id, desks=current().desk_list)
    if row is None:
        abort(404, "There is no such event, or it is another desk's.")
    return row


def _list(window: Window) -> str:
    chosen, before = wanted(), whole("before")
    if chosen.phone or chosen.says:
        searching.count(window)
    discarded = bool(request.args.get("discarded"))
    with window.db.transaction() as tx:
        rows = dead_letters.page(tx, chosen, discarded=discarded, before=before, most=PAGE + 1)
        errors = dead_letters.errors(tx, desks=chosen.desks, discarded=discarded)
        choices = _choices(tx, chosen, errors)
        if chosen.phone and len(chosen.phone) > FEWEST_DIGITS:
            audit.note(
                tx, who=current().email, did="saw a phone number", subject="letters", why=f"search: {len(rows)} found"
            )
    here: dict[str, Any] = asked() | ({"discarded": "yes"} if discarded else {})
    older = url_for("window.letters", **here, before=rows[PAGE - 1].id) if len(rows) > PAGE else ""
    newer = url_for("window.letters", **here) if before else ""
    return render_template(
        "dead_letters.html", rows=rows[:PAGE], errors=errors, asked=asked(), discarded=discarded, older=older, newer=newer,
        **choices,
    )  # fmt: skip


def _choices(tx: Tx, chosen: Filter, errors: list[ErrorCount]) -> dict[str, list[tuple[str, str]]]:
    known = dict.fromkeys(filter(None, (chosen.error, *(one.error for one in errors))))
    return {
        "kinds": [("", "Any"), *((kind, kind) for kind in dead_letters.kinds(tx))],
        "desks": [("", "Every desk"), *((row.id, row.name) for row in desks.named(tx, chosen.desks))],
        "whole_errors": [("", "Any"), *((error, error) for error in known)],
    }


def _page(window: Window, id: int, *, trial: Trial | None = None) -> str:
    reads = current().may(masks.READS_TEXT)
    with window.db.transaction() as tx:
        row = found(tx, id)
        if reads:
            audit.note(tx, who=current().email, did="read an event", subject=f"event:{id}", desk=row.desk)
    raw, cut = _shown(row.raw or "") if reads else ("", False)
    return render_template(
        "letter.html", letter=row, raw=raw, cut=cut, trial=trial,
        can_try=window.tools.try_out is not None and row.conversation_id is not None,
    )  # fmt: skip


def _shown(raw: str) -> tuple[str, bool]:
    """As much as a page shows, masked, and whether there is more. Cut first: an event may be megabytes long."""
    cut = len(raw) > LONGEST_RAW
    return (masked(raw[:LONGEST_RAW])[:-EDGE] if cut else masked(raw)), cut


def _tried(window: Window, id: int) -> Trial:
    """Dry run of the dead letter, in a transaction that is rolled back."""
    if window.tools.try_out is None:
        abort(404)
    with window.db.transaction() as tx:
        row = found(tx, id)
        audit.note(tx, who=current().email, did="tried a dead letter dry", subject=f"event:{id}", desk=row.desk)
    try:
        trial = window.tools.try_out(id)
    except TurnoError as error:
        abort(503, f"The dry run did not come to an end: {type(error).__name__}. Nothing was changed.")
    return trial or abort(409, "It has no conversation, or no desk answers there. Nothing was changed.")


def _replay_one(window: Window, id: int) -> Response:
    with window.db.transaction() as tx:
        row = found(tx, id)
        if row.later and not request.form.get("moved_on_too"):
            abort(409, LATER)
        replayed = dead_letters.replay(tx, [id])
        if replayed:
            why = "although the conversation has moved on" if row.later else ""
            audit.note(
                tx, who=current().email, did="replayed a dead letter", subject=f"event:{id}", why=why, desk=row.desk
            )
    if not replayed:
        return _back(id, _why_not(row), "warn")
    window.bell.ring(bell.INBOX)
    return _back(id, "It is back in line.")


def _why_not(row: DeadLetter) -> str:
    if row.state != "buried":
        return "It is no dead letter any more: somebody was faster. Nothing was done."
    return "It has no conversation, or no desk answers there: it cannot be replayed. Nothing was done."


def _discard(window: Window, id: int) -> Response:
    why = forms.text("why", most=300)
    if not why:
        abort(400, "Say why it is put aside. Nothing was done.")
    with window.db.transaction() as tx:
        row = found(tx, id)
        done = dead_letters.discard(tx, id, who=current().email, why=why)
        if done:
            audit.note(
                tx, who=current().email, did="put a dead letter aside", subject=f"event:{id}", why=why, desk=row.desk
            )
    if not done:
        return _back(id, "It is no dead letter any more, or was put aside before. Nothing was done.", "warn")
    return _back(id, "It is put aside. It is still here to be seen, and may be replayed.")


def _back(id: int, message: str, kind: str = "good") -> Response:
    say(message, kind)
    return redirect(url_for("window.letter", id=id), 303)

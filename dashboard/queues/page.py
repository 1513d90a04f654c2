"""Queues: backlog per number, worker processes, and feature switches."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from core import bell
from core.store.db import Tx
from core.store.path import outbox
from core.store.staff import audit, queues, switches
from core.store.staff.switches import Kind, Switch
from dashboard import forms
from dashboard.answers import say
from dashboard.guard import allowed, current
from dashboard.window import Link, Window

HOURS = 3600.0
TIMES = {"15m": 900.0, "1h": HOURS, "4h": 4 * HOURS, "1d": 24 * HOURS, "": None}
"""After how long it is on again by itself; the last: when somebody turns it on."""
TIME_WORDS = [("15m", "15 minutes"), ("1h", "1 hour"), ("4h", "4 hours"), ("1d", "1 day"), ("", "until turned on")]
ALWAYS_ON = "menu"
NO_NUMBER = "There is no such number, or it is another desk's."
EVERY_DESK = "This is every desk's, and your account is for some only. Nothing was done."


def add_to(blueprint: Blueprint, window: Window) -> None:
    window.links.append(Link("Queues", "window.queues", "viewer", "work"))

    @blueprint.get("/queues")
    @allowed("viewer")
    def queues() -> str:
        return _page(window)

    @blueprint.post("/queues/off")
    @allowed("operator")
    def turn_off() -> Response:
        return _turn(window, off=True)

    @blueprint.post("/queues/on")
    @allowed("operator")
    def turn_on() -> Response:
        return _turn(window, off=False)

    @blueprint.post("/queues/numbers/<int:id>/resume")
    @allowed("operator")
    def resume_number(id: int) -> Response:
        return _resume(window, id)


def _page(window: Window) -> str:
    desks = current().desk_list
    with window.db.transaction() as tx:
        every = switches.all_of(tx)
        return render_template(
            "queues.html", numbers=queues.numbers(tx, desks), stuck=queues.stuck(tx, desks),
            leases=queues.leases(tx, desks), errands=queues.errands(tx, desks), processes=queues.processes(tx),
            sending={s.subject: s for s in every if s.kind == "sending" and s.off},
            house=_house(window, {switches.name(s.kind, s.subject): s for s in every}),
            channel=window.tools.channel, times=TIME_WORDS, everywhere=current().desks is None,
        )  # fmt: skip


def _house(window: Window, moved: dict[str, Switch]) -> list[tuple[Kind, str, str, Switch | None]]:
    """Switches for all desks: kind, subject, label, and current state if it was ever changed."""
    flows = [flow for flow in window.tools.diagrams if flow != ALWAYS_ON]
    listed: list[tuple[Kind, str, str]] = [("ai", "", "The AI"), *(("flow", flow, f"Flow {flow}") for flow in flows)]
    return [(kind, subject, title, moved.get(switches.name(kind, subject))) for kind, subject, title in listed]


def _turn(window: Window, *, off: bool) -> Response:
    who, why = current().email, forms.text("why", most=300)
    if off and not why:
        abort(400, "Say why. Nothing was done.")
    with window.db.transaction() as tx:
        kind, subject, desk = _subject(window, tx)
        if off:
            switches.turn_off(tx, kind, subject, by=who, reason=why, for_s=_for_s())
        else:
            switches.turn_on(tx, kind, subject, by=who, reason=why)
        did = f"turned {'off' if off else 'on'}"
        audit.note(tx, who=who, did=did, subject=switches.name(kind, subject), why=why, desk=desk)
    if not off:
        window.bell.ring(bell.OUTBOX)
    say(f"{switches.name(kind, subject)} is {'off' if off else 'on'} now, in every process within a second or two.")
    return redirect(url_for("window.queues"), 303)


def _subject(window: Window, tx: Tx) -> tuple[Kind, str, str | None]:
    """The switch or number that the form names, if the sender may change it, and its desk."""
    kind, subject = forms.text("kind"), forms.text("subject")
    if kind == "sending":
        number = next((n for n in queues.numbers(tx, current().desk_list) if n.address == subject), None)
        return ("sending", subject, number.desk) if number else abort(404, NO_NUMBER)
    if (kind, subject) not in [(known, name) for known, name, _, _ in _house(window, {})]:
        abort(404, "There is no such switch. Nothing was done.")
    if current().desks is not None:
        abort(403, EVERY_DESK)
    return ("ai" if kind == "ai" else "flow"), subject, None


def _for_s() -> float | None:
    chosen = forms.text("for")
    return TIMES[chosen] if chosen in TIMES else abort(400, "There is no such time. Nothing was done.")


def _resume(window: Window, id: int) -> Response:
    """End a pause that the platform asked for, or that a refusal of the platform began."""
    with window.db.transaction() as tx:
        number = queues.number(tx, id, current().desk_list)
        if number is None:
            abort(404, NO_NUMBER)
        outbox.resume_number(tx, number.kind, number.address)
        why = forms.text("why", most=300)
        audit.note(tx, who=current().email, did="resumed a number", subject=f"number:{id}", why=why, desk=number.desk)
    window.bell.ring(bell.OUTBOX)
    say("Its sends go on.")
    return redirect(url_for("window.queues"), 303)

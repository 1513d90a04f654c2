"""Unmasking of a phone number, or of the number to call back: one click, audited."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, render_template, request

from core.store.db import Tx
from core.store.people import contacts
from core.store.people.rows import Phone
from core.store.staff import audit
from dashboard.guard import allowed, current
from dashboard.signing_in.turning_away import page_of_the_form
from dashboard.window import Window

Look = Callable[[Tx, int], Phone | None]


def add_to(blueprint: Blueprint, window: Window) -> None:
    @blueprint.post("/conversations/<int:conversation_id>/phone")
    @allowed("operator")
    def reveal(conversation_id: int) -> str:
        return _reveal(window, conversation_id, contacts.phone_of)

    @blueprint.post("/conversations/<int:conversation_id>/callback")
    @allowed("operator")
    def reveal_callback(conversation_id: int) -> str:
        return _reveal(window, conversation_id, contacts.callback_of)


def _reveal(window: Window, conversation_id: int, look: Look) -> str:
    with window.db.transaction() as tx:
        found = look(tx, conversation_id)
        if found is None or not current().sees(found.desk):
            abort(404)
        subject = f"conversation:{conversation_id}"
        audit.note(tx, who=current().email, did="saw a phone number", subject=subject, desk=found.desk)
    piece = bool(request.headers.get("HX-Request"))
    return render_template(
        "phone.html" if piece else "phone_page.html", value=found.value or "", back=page_of_the_form()
    )

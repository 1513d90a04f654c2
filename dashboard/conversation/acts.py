"""Actions of staff on a conversation: each is an event in the inbox, and its turn decides the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from core import bell
from core.store.db import Tx
from core.store.path import inbox
from core.store.staff import audit, conversations
from core.store.staff.rows.conversations import Conversation
from dashboard import answers, forms
from dashboard.conversation.load import shuts_at
from dashboard.conversation.page import ID
from dashboard.guard import allowed, current
from dashboard.window import Window

LONGEST_ANSWER = 12_000
"""The characters that fit in the messages that one answer is cut into."""


def add_to(blueprint: Blueprint, window: Window) -> None:
    @blueprint.post(f"/conversations/{ID}/<any(take_over, answer, release, reset, close, say_again):action>")
    @allowed("operator")
    def act(id: int, action: str) -> Response:
        """Put it in the inbox, once however often the form is sent; the page tells what became of it."""
        once = forms.id()
        with window.db.transaction() as tx:
            found = conversations.find(tx, id, desks=current().desk_list)
            if found is None:
                abort(404)
            problem = _problem(tx, window, found, action)
            event_id = None if problem else _put(tx, found, action, once)
        if problem and forms.written():
            abort(409, problem)
        if problem:
            answers.say(problem, "warn")
            return redirect(url_for("window.conversation", id=id), 303)
        window.bell.ring(bell.INBOX)
        return redirect(url_for("window.conversation", id=id, event=event_id) + "#outcome", 303)


def _put(tx: Tx, found: Conversation, action: str, once: str) -> int | None:
    content = {"action": action, "agent": current().email[:80], "name": current().name, **MORE[action]()}
    external_id = f"again:{content['outbound']}" if action == "say_again" else f"agent:{once}"
    event_id = inbox.add_own(tx, found.id, external_id, "agent", content)
    subject = f"conversation:{found.id} event:{event_id}"
    audit.note(tx, who=current().email, did=audit.DID[action], subject=subject, why=forms.text("why"), desk=found.desk)
    return event_id


def _problem(tx: Tx, window: Window, found: Conversation, action: str) -> str:
    """Why it need not even be tried; nothing when it may be."""
    if action == "answer":
        return _unsayable(window, found)
    if action == "say_again":
        return _not_lost(tx, found)
    if action == "take_over" and request.form.get("from") and not current().may("admin"):
        return "Only an admin takes a conversation from somebody else. Nothing was done."
    return ""


def _unsayable(window: Window, found: Conversation) -> str:
    shuts = shuts_at(found, window.tools.channel(found.channel_kind).window_s)
    is_open = shuts is None or shuts > window.clock.now()
    if not is_open and request.form.get("template") is None:
        return "The 24-hour window has shut meanwhile: only the template may go. Nothing was said."
    if not is_open and not found.fallback_template:
        return "The 24-hour window is shut, and this number has no template. Nothing was said."
    return "" if _words() else "There was nothing to say."


def _not_lost(tx: Tx, found: Conversation) -> str:
    number = _outbound()
    if conversations.unsettled(tx, found.id, number) is None:
        return "That message is not lost (any more). It was not said again."
    return "" if request.form.get("looked") else "Look first whether it arrived, and say so. It was not said again."


def _words() -> str:
    name = request.form.get("template")
    return f"[{name}]"[:200] if name else forms.text("text", most=LONGEST_ANSWER)


def _outbound() -> int:
    given = forms.text("outbound", most=19)
    if not (given.isascii() and given.isdigit()):
        abort(400)
    return int(given)


def _place() -> dict[str, Any]:
    return {"state": forms.text("state", most=100)}


MORE: dict[str, Callable[[], dict[str, Any]]] = {
    "take_over": lambda: {"from": forms.text("from", most=80)} if request.form.get("from") else {},
    "answer": lambda: {"text": _words()},
    "release": _place,
    "reset": _place,
    "close": dict,
    "say_again": lambda: {"outbound": _outbound()},
}
"""The content of each action, besides its author."""

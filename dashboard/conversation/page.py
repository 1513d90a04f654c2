"""The page of one conversation, and its fragments that refresh themselves."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from core.store.db import Tx
from core.store.staff import audit, conversations
from core.store.staff.conversations import Below
from core.store.staff.rows.conversations import Conversation
from dashboard import masks
from dashboard.conversation import telling
from dashboard.conversation.load import Loaded, key, left, load, shuts_at
from dashboard.guard import allowed, current
from dashboard.wanted import whole
from dashboard.window import Window

ID = "<int(max=9223372036854775807):id>"


def add_to(blueprint: Blueprint, window: Window) -> None:
    @blueprint.get(f"/conversations/{ID}")
    @allowed("viewer")
    def conversation(id: int) -> str:
        with window.db.transaction() as tx:
            below = _below(tx, id)
            seen = _load(window, tx, id, below)
            if current().may(masks.READS_TEXT):
                audit.note(
                    tx, who=current().email, did="read a conversation", subject=f"conversation:{id}",
                    desk=seen.found.desk,
                )  # fmt: skip
        return render_template("conversation.html", **_shown(window, seen), live=below == Below())

    @blueprint.get(f"/conversations/{ID}/live")
    @allowed("viewer")
    def conversation_live(id: int) -> Response:
        """The same, without the frame; 304 when nothing has changed."""
        return _live(window, id)

    @blueprint.get(f"/conversations/{ID}/events/<int(max=9223372036854775807):event_id>")
    @allowed(masks.READS_TEXT)
    def event(id: int, event_id: int) -> str:
        """One event, whole, however long: with its turn, and what was said to it."""
        with window.db.transaction() as tx:
            found = conversations.find(tx, id, desks=current().desk_list)
            asked = conversations.event(tx, id, event_id) if found else None
            if found is None or asked is None:
                abort(404)
            answers = conversations.answers(tx, id, event_id)
            subject = f"conversation:{id} event:{event_id}"
            audit.note(tx, who=current().email, did="read an event", subject=subject, desk=found.desk)
        return render_template("event.html", found=found, event=asked, answers=answers, telling=telling)


def _live(window: Window, id: int) -> Response:
    with window.db.transaction() as tx:
        seen = _load(window, tx, id, Below())
    shown = _shown(window, seen)
    etag = key((seen, shown["closes"], current().role, current().session_id))
    if request.if_none_match.contains(etag):
        return Response(status=304, headers={"ETag": f'"{etag}"'})
    answer = make_response(render_template("conversation_live.html", **shown))
    answer.set_etag(etag)
    return answer


def _load(window: Window, tx: Tx, id: int, below: Below) -> Loaded:
    seen = load(tx, id, below, desks=current().desk_list, pressed=whole("event"), now=window.clock.now())
    if seen is None:
        abort(404, "There is no such conversation, or it is none of your desks'.")
    return seen


def _below(tx: Tx, id: int) -> Below:
    around = whole("around")
    if around is not None:
        return conversations.around(tx, id, around)
    return Below(whole("heard"), whole("step", most=2**31 - 1), whole("said"))


def _shown(window: Window, seen: Loaded) -> dict[str, Any]:
    """The template's variables."""
    found, now = seen.found, window.clock.now()
    channel = window.tools.channel(found.channel_kind)
    shuts = shuts_at(found, channel.window_s)
    open_ = shuts is None or shuts > now
    pressed = whole("event")
    return {
        "id": found.id,
        "seen": seen,
        "found": found,
        "zone": ZoneInfo(found.timezone or "UTC"),
        "closes": left(shuts, now) if shuts and open_ else "",
        "shuts_at": shuts,
        "channel": channel.name,
        "open": open_,
        "template": found.fallback_template,
        "mine": found.agent == current().email[:80],
        "may_act": current().may("operator"),
        "is_admin": current().may("admin"),
        "places": _places(window, found),
        "telling": telling,
        "may_read": current().may(masks.READS_TEXT),
        "key": key,
        "live_at": url_for("window.conversation_live", id=found.id, event=pressed),
    }


def _places(window: Window, found: Conversation) -> list[tuple[str, str]]:
    """The states that staff may move the conversation to: those of its desk's flows, its own flow first."""
    known = window.tools.places(found.menu) if window.tools.places and found.menu else {}
    named = sorted(known.items(), key=lambda item: item[0] != found.flow)
    return [(f"{flow}.{s}", f"{flow} · {s}") for flow, states in named for s, what in states.items() if what == "free"]

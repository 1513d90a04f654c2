"""The list of conversations."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from core.store import desks
from core.store.db import Tx
from core.store.staff import conversations, waiting
from core.store.staff.conversations import WALK, Page, Place, Wanted
from core.store.staff.rows.conversations import ListedConversation
from core.store.staff.rows.waiting import InLine
from dashboard import wanted as asked
from dashboard.guard import allowed, current
from dashboard.window import Link, Window

FILTERS = ("desk", "flow", "state", "held", "need")
WAITING_S, CLOSING_S = 300.0, 4 * 3600.0
NEEDS = (
    ("", "Any"),
    ("person", "A person is wanted"),
    ("waiting", "Waits for an answer"),
    ("closing", "Window closes in 4 h"),
)
HELD = (("", "Anybody or nobody"), ("me", "Me"), ("somebody", "Somebody of staff"), ("nobody", "Nobody: the bot"))


def add_to(blueprint: Blueprint, window: Window) -> None:
    window.links.append(Link("Conversations", "window.conversations"))

    @blueprint.get("/conversations", endpoint="conversations")
    @allowed("viewer")
    def listed() -> str:
        with window.db.transaction() as tx:
            page = _page(tx, window)
            waits = waiting.shown(tx, desks=current().desk_list, desk=asked.word("desk")) if _shows_line() else []
            known = desks.named(tx, current().desk_list)
        flows = window.tools.places("") if window.tools.places else {}
        return render_template(
            "conversations.html", page=page, rows=_others(page.rows, waits), waiting=waits, older=_older(page), newest=_newest(), desks=[("", "Every desk"), *((row.id, row.name) for row in known)],
            needs=NEEDS, holders=HELD, flows=flows,
            flow_names=[("", "Any"), *((name, name) for name in flows)],
            chosen={name: asked.word(name) or "" for name in FILTERS}, walked=WALK,
        )  # fmt: skip


def _page(tx: Tx, window: Window) -> Page:
    at, id = asked.moment("at"), asked.whole("id")
    below = Place(at, id) if at and id is not None else None
    windows = {kind: channel.window_s for kind, channel in window.tools.channels.items() if channel.window_s}
    return conversations.page(tx, _wanted(), desks=current().desk_list, below=below, windows=windows)


def _shows_line() -> bool:
    """Whether the queue for a person stands above the newest conversations: only while no filter is set."""
    elsewhere = any(asked.word(name) for name in ("flow", "state", "held", "at"))
    return not elsewhere and asked.word("need") in (None, "", "person")


def _others(rows: list[ListedConversation], waits: list[InLine]) -> list[ListedConversation]:
    """The conversations that are not already in the queue on top."""
    shown = {row.id for row in waits}
    return [row for row in rows if row.id not in shown]


def _wanted() -> Wanted:
    held, need = asked.word("held"), asked.word("need")
    return Wanted(
        desk=asked.word("desk"),
        flow=asked.word("flow"),
        state=asked.word("state"),
        held={"nobody": False, "somebody": True}.get(held or ""),
        agent=current().email[:80] if held == "me" else None,
        person_wanted=need == "person",
        waiting_s=WAITING_S if need == "waiting" else None,
        closing_s=CLOSING_S if need == "closing" else None,
    )


def _older(page: Page) -> str:
    if page.next is None:
        return ""
    place: dict[str, Any] = {"at": page.next.at.isoformat(), "id": page.next.id}
    return url_for("window.conversations", **asked.chosen(*FILTERS), **place)


def _newest() -> str:
    return url_for("window.conversations", **asked.chosen(*FILTERS)) if request.args.get("at") else ""

"""Search: customers by last digits or name, tickets by number, messages by words."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from core.store.db import Tx
from core.store.staff import audit, search
from core.store.staff.rows.search import FoundConversation, FoundTicket
from core.store.staff.search import Found
from dashboard import masks
from dashboard import wanted as asked
from dashboard.conversation import searching
from dashboard.guard import allowed, current
from dashboard.window import Link, Window

FEWEST_LETTERS = 3


def add_to(blueprint: Blueprint, window: Window) -> None:
    window.links.append(Link("Search", "window.search"))

    @blueprint.get("/search", endpoint="search")
    @allowed("viewer")
    def found() -> str:
        wanted = asked.word("q") or ""
        if wanted:
            searching.count(window)
        with window.db.transaction() as tx:
            people, tickets = (_people(tx, wanted), _tickets(tx, wanted)) if wanted else ([], [])
            words = _words(tx, wanted)
            if wanted:
                audit.note(tx, who=current().email, did="searched", subject="words" if words else "people and tickets")
        return render_template(
            "search.html", q=wanted, people=people, tickets=tickets, words=words, go_on=_go_on, piece=search.PIECE,
            may_read=current().may(masks.READS_TEXT), fewest=FEWEST_LETTERS, most=search.MOST,
        )  # fmt: skip


def _people(tx: Tx, wanted: str) -> list[FoundConversation]:
    digits = searching.digits_of(wanted)
    if digits and not any(letter.isalpha() for letter in wanted):
        whole = searching.must_be_whole(digits)
        found = search.by_phone(tx, digits, desks=current().desk_list, whole=whole)
        searching.note_seen(tx, digits, found)
        return found
    return search.by_name(tx, wanted, desks=current().desk_list)


def _tickets(tx: Tx, wanted: str) -> list[FoundTicket]:
    return search.by_number(tx, wanted, desks=current().desk_list)


def _words(tx: Tx, wanted: str) -> dict[str, Found]:
    """Message hits, for staff who may read messages; only one kind of them when its next page is requested."""
    if len(wanted) < FEWEST_LETTERS or not current().may(masks.READS_TEXT):
        return {}
    desks, heard, said = current().desk_list, asked.whole("heard"), asked.whole("said")
    parts = {}
    if said is None:
        parts["heard"] = search.received(tx, wanted, desks=desks, below=heard)
    if heard is None:
        parts["said"] = search.sent(tx, wanted, desks=desks, below=said)
    return parts


def _go_on(wanted: str, where: str, found: Found) -> str:
    below: dict[str, Any] = {where: found.next}
    return url_for("window.search", q=wanted, **below) if found.next is not None else ""

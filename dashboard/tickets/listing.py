"""Tickets: the list, as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from core.store import desks
from core.store.db import Tx
from core.store.staff import audit, tickets
from core.store.staff.rows.tickets import ListedTicket
from core.store.staff.tickets import STATUSES, WALK, Page, Place, Wanted
from dashboard import masks, sheets
from dashboard import wanted as asked
from dashboard.conversation import searching
from dashboard.conversation.telling import coordinates
from dashboard.guard import allowed, current
from dashboard.window import Link, Window

FILTERS = ("q", "kind", "status", "desk", "assignee", "days")
DAYS = (("", "Any time"), ("1", "1 day"), ("7", "7 days"), ("30", "30 days"), ("90", "90 days"))
COLUMNS = (
    *("number", "desk", "kind", "status", "assignee", "created_at", "resolved_at", "hours_to_resolve"),
    *("summary", "latitude", "longitude", "address", "conversation", "priority"),
)
AT_ONCE = 1000
DAY_S = 86_400.0


def add_to(blueprint: Blueprint, window: Window) -> None:
    window.links.append(Link("Tickets", "window.tickets"))

    @blueprint.get("/tickets", endpoint="tickets")
    @allowed("viewer")
    def listed() -> str:
        if asked.word("q"):
            searching.count(window)
        with window.db.transaction() as tx:
            page = tickets.page(tx, _wanted(), desks=current().desk_list, below=_place())
            rows = page.rows if _place() else _urgent_first(tx, page.rows)
            choices = _choices(tx)
        return render_template(
            "tickets.html", page=page, rows=rows, older=_older(page), newest=_newest(), walked=WALK,
            chosen={name: asked.word(name) or "" for name in FILTERS}, file=_file(), **choices,
        )  # fmt: skip

    @blueprint.get("/tickets.csv")
    @allowed("operator")
    def tickets_file() -> Response:
        """Every ticket that fits, however many: read and sent piece by piece."""
        wanted, who = _wanted(), current()
        with window.db.transaction() as tx:
            audit.note(tx, who=who.email, did="exported tickets", subject="tickets.csv")
        headers = {"Content-Disposition": "attachment; filename=tickets.csv"}
        return Response(_lines(window, wanted, who.desk_list), mimetype="text/csv", headers=headers)


def _urgent_first(tx: Tx, rows: list[ListedTicket]) -> list[ListedTicket]:
    """The first page begins with what is urgent and open, however old it is."""
    urgent = tickets.page(tx, replace(_wanted(), urgent=True), desks=current().desk_list, below=None).rows
    above = {row.number for row in urgent}
    return [*urgent, *(row for row in rows if row.number not in above)]


def _wanted() -> Wanted:
    assignee, days, words = asked.word("assignee"), asked.whole("days", most=36_500), asked.word("q")
    return Wanted(
        desk=asked.word("desk"),
        kind=asked.word("kind"),
        status=asked.word("status"),
        assigned=False if assignee == "nobody" else None,
        assignee=_somebody(assignee),
        since_s=days * DAY_S if days else None,
        words=f"%{_literal(words)}%" if words else None,
        reads=masks.may_read(),
    )


def _somebody(assignee: str | None) -> str | None:
    if assignee == "me":
        return current().email
    return assignee if assignee != "nobody" else None


def _literal(words: str) -> str:
    """A pattern that means what it says."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _choices(tx: Tx) -> dict[str, Any]:
    known = desks.named(tx, current().desk_list)
    people = tickets.assignees(tx, current().desk_list)
    return {
        "desks": [("", "Every desk"), *((row.id, row.name) for row in known)],
        "kinds": [("", "Any"), *((kind, kind) for kind in tickets.kinds(tx))],
        "statuses": [("", "Any"), *((status, status.replace("_", " ")) for status in STATUSES)],
        "assignees": [("", "Any"), ("me", "Me"), ("nobody", "Nobody"), *((row.email, row.name) for row in people)],
        "days": DAYS,
        "may_read": current().may(masks.READS_TEXT),
    }


def _place() -> Place | None:
    at, number = asked.moment("at"), asked.word("number")
    return Place(at, number) if at and number else None


def _older(page: Page) -> str:
    if page.next is None:
        return ""
    place: dict[str, Any] = {"at": page.next.at.isoformat(), "number": page.next.number}
    return url_for("window.tickets", **asked.chosen(*FILTERS), **place)


def _newest() -> str:
    return url_for("window.tickets", **asked.chosen(*FILTERS)) if request.args.get("at") else ""


def _file() -> str:
    return url_for("window.tickets_file", **asked.chosen(*FILTERS))


def _lines(window: Window, wanted: Wanted, desks: list[str] | None) -> Iterator[str]:
    """A transaction for each piece: a slow reader holds nothing open."""
    yield sheets.START + sheets.line(COLUMNS)
    below: Place | None = None
    while True:
        with window.db.transaction() as tx:
            page = tickets.page(tx, wanted, desks=desks, below=below, most=AT_ONCE)
        yield "".join(sheets.line(_cells(row)) for row in page.rows)
        below = page.next
        if below is None:
            return


def _cells(row: ListedTicket) -> tuple[object, ...]:
    point = coordinates(row.pin) or ("", "")
    hours = round((row.resolved_at - row.created_at).total_seconds() / 3600, 1) if row.resolved_at else ""
    resolved = row.resolved_at.isoformat(timespec="seconds") if row.resolved_at else ""
    created = row.created_at.isoformat(timespec="seconds")
    return (
        row.number, row.desk, row.kind, row.status, row.assignee or "", created, resolved, hours, row.summary,
        *point, row.address or "", row.conversation_id or "", row.priority,
    )  # fmt: skip

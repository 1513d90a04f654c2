"""The audit trail, for admins: as a list, as a file, and with its hash chain verified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from core.store.staff import audit
from core.store.staff.audit import Filter
from core.store.staff.rows.audit import Noted
from dashboard import sheets
from dashboard.answers import say
from dashboard.guard import allowed, current
from dashboard.wanted import whole
from dashboard.window import Link, Window

PAGE, PIECE = 50, 500
COLUMNS = ("id", "at", "who", "did", "subject", "why", "desk", "via")


def add_to(blueprint: Blueprint, window: Window) -> None:
    window.links.append(Link("Audit", "window.audit_list", "admin", "house"))

    @blueprint.get("/audit")
    @allowed("admin")
    def audit_list() -> str:
        return _list(window)

    @blueprint.get("/audit.csv")
    @allowed("admin")
    def audit_file() -> Response:
        wanted = _wanted()
        _note(window, "exported the audit")
        headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
        return Response(_lines(window, wanted), content_type="text/csv; charset=utf-8", headers=headers)

    @blueprint.post("/audit/verify")
    @allowed("admin")
    def verify_audit() -> Answer:
        with window.db.transaction() as tx:
            chain = audit.verify(tx)
        if chain.whole:
            say(f"All {chain.rows} rows are as they were written. The last link is {chain.head}.")
        else:
            say(
                f"The chain breaks at row {chain.broken_at}: {chain.why}. The {chain.rows} rows before are whole.",
                "bad",
            )
        _note(window, "verified the audit")
        return redirect(url_for("window.audit_list"), 303)


def _list(window: Window) -> str:
    wanted, before = _wanted(), whole("before")
    with window.db.transaction() as tx:
        rows = audit.page(tx, wanted, before=before, most=PAGE + 1)
        deeds = audit.deeds(tx)
    shown: dict[str, Any] = {name: value for name, value in request.args.items() if name != "before" and value}
    older = url_for("window.audit_list", **shown, before=rows[PAGE - 1].id) if len(rows) > PAGE else ""
    newer = url_for("window.audit_list", **shown) if before else ""
    return render_template(
        "audit.html", rows=rows[:PAGE], pairs=[(deed, deed) for deed in deeds], shown=shown, older=older, newer=newer,
        file=url_for("window.audit_file", **shown),
    )  # fmt: skip


def _wanted() -> Filter:
    asked = request.args
    return Filter(
        desks=current().desk_list,
        who=asked.get("who") or None,
        did=asked.get("did") or None,
        subject=asked.get("subject") or None,
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", ""), after=1),
    )


def _day(written: str, *, after: int = 0) -> datetime | None:
    """The start of a day (UTC), or of one some days after it."""
    if not written:
        return None
    try:
        return datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(days=after)
    except (ValueError, OverflowError):
        abort(400, "A day is written like 2026-07-28.")


def _lines(window: Window, wanted: Filter) -> Iterator[str]:
    """All of it, piece by piece: no transaction is open while the reader takes their time."""
    yield sheets.START + sheets.line(COLUMNS)
    before: int | None = None
    while rows := _piece(window, wanted, before):
        yield "".join(sheets.line(_cells(row)) for row in rows)
        before = rows[-1].id


def _piece(window: Window, wanted: Filter, before: int | None) -> list[Noted]:
    with window.db.transaction() as tx:
        return audit.page(tx, wanted, before=before, most=PIECE)


def _cells(row: Noted) -> list[object]:
    return [row.at.isoformat() if name == "at" else getattr(row, name) for name in COLUMNS]


def _note(window: Window, did: str) -> None:
    with window.db.transaction() as tx:
        audit.note(tx, who=current().email, did=did, subject="audit")

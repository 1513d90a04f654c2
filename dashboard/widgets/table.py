"""Table with typed cells: times are relative, ids are links, phone numbers are masked.

The widget of any rows that no other widget draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from core.rows import Rows
from core.wire.whatsapp_codes import meaning
from dashboard.widgets.frame import Frame
from dashboard.widgets.words import NOTHING, ago, formatted, heading, moment, number, span

PAGES = {
    "conversation_id": "/admin/conversations/{}",
    "ticket": "/admin/tickets/{}",
}
"""Columns whose values have a page of their own."""

SHORT, LONG = 24, 40
"""Characters."""

PRIVATE = frozenset({"phone", "contact", "wa_id", "recipient", "sender"})
"""Columns that hold phone numbers."""


def draw(rows: Rows, frame: Frame) -> Markup:
    more = Markup('<p class="more">Only the first {} rows are shown; a download has all of them.</p>')
    return _scroll(plain(rows, frame), frame) + (more.format(number(len(rows.rows))) if rows.more else Markup(""))


def plain(rows: Rows, frame: Frame) -> Markup:
    """The table itself."""
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_class(column, kind), heading(column))
        for column, kind in zip(rows.columns, rows.kinds, strict=True)
    )
    body = Markup("").join(Markup("<tr>{}</tr>").format(_row(record, rows, frame)) for record in rows.records())
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, body)


def _scroll(inner: Markup, frame: Frame) -> Markup:
    return Markup('<div class="scroll" role="region" aria-label="{}" tabindex="0">{}</div>').format(frame.title, inner)


def _row(record: Mapping[str, Any], rows: Rows, frame: Frame) -> Markup:
    href = frame.href(record) if frame.link else ""
    cells = []
    for place, (column, kind) in enumerate(zip(rows.columns, rows.kinds, strict=True)):
        shown = cell(column, record[column], frame)
        if href and place == 0:
            shown = Markup('<a href="{}">{}</a>').format(href, shown.striptags())
        cells.append(Markup("<td{}>{}</td>").format(_class(column, kind, shown), shown))
    return Markup("").join(cells)


def _class(column: str, kind: str, shown: Markup | None = None) -> Markup:
    """Amounts stand to the right; short words are not broken, and long ones get room."""
    if kind in ("number", "duration") and not column.endswith(("_id", "error_code")):
        return Markup(' class="right"')
    length = len(shown.striptags()) if shown is not None else 0
    return (
        Markup(' class="long"') if length > LONG else Markup(' class="nowrap"') if 0 < length <= SHORT else Markup("")
    )


def cell(column: str, value: Any, frame: Frame) -> Markup:
    """One value, as its column and its kind ask for."""
    if value is None or value == "":
        return Markup('<span class="none">{}</span>').format(NOTHING)
    if isinstance(value, datetime):
        return _time(value, frame)
    if column in PRIVATE:
        return escape(masked(str(value)))
    if column in PAGES:
        return Markup('<a href="{}">{}</a>').format(PAGES[column].format(quote(str(value), safe="")), value)
    special = next((show for ending, show in ENDINGS.items() if column.endswith(ending)), None)
    if special is not None and isinstance(value, int | float) and not isinstance(value, bool):
        return special(value)
    return escape(formatted(value))


def _time(at: datetime, frame: Frame) -> Markup:
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at.isoformat(), moment(at, frame.zone), ago(at, frame.now)
    )


def masked(phone: str) -> str:
    """The last four characters, which is what staff go by."""
    return phone if phone.startswith("•") else "••••••" + (phone[-4:] if len(phone) > 4 else "")


def _code(code: float) -> Markup:
    return Markup('<span class="code">{}</span> {}').format(int(code), meaning(int(code)))


ENDINGS: Mapping[str, Callable[[float], Markup]] = {
    "error_code": _code,
    "_id": lambda value: escape(value),
    "_ms": lambda value: escape(span(value / 1000)),
    "_s": lambda value: escape(span(value)),
    "_share": lambda value: escape(f"{number(round(100 * value, 1))} %"),
}
"""How numbers look in columns whose names end like this."""

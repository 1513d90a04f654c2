"""Context of a widget besides its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import quote

from core.diagrams import Diagram
from core.rows import Rows


class Unfit(ValueError):
    """The rows are not what the widget draws; the message says what it wants."""


@dataclass(frozen=True, slots=True)
class Frame:
    id: str = "panel"
    """Unique on its page: titles and descriptions are named by it."""
    title: str = ""
    unit: str = ""
    link: str = ""
    empty: str = "Nothing here."
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    since: datetime | None = None
    until: datetime | None = None
    zone: tzinfo = UTC
    diagrams: Mapping[str, Diagram] = field(default_factory=dict)

    def href(self, record: Mapping[str, Any]) -> str:
        """The link of a row; empty without one, or when a column of the link has no value."""
        address = self.link
        for column, value in record.items():
            if f"{{{column}}}" in address:
                if value is None:
                    return ""
                address = address.replace(f"{{{column}}}", quote(str(value), safe=""))
        return "" if "{" in address else address


def wanting(rows: Rows, *columns: str) -> None:
    """Raises Unfit unless the rows have all of these columns."""
    missing = [column for column in columns if column not in rows.columns]
    if missing:
        raise Unfit(f"this widget wants columns {', '.join(columns)}; missing: {', '.join(missing)}")


def figure(value: Any) -> float:
    """A cell as a number to be drawn: nothing counts as zero. Raises Unfit for a text."""
    if value is None:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(f"a number is wanted where {str(value)[:40]!r} stands")
    return float(value)

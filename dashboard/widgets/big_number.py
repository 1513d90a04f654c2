"""Big number: one value, optionally with its previous value and a caption.

Columns: `big`, and if wanted `label`, `before` (the same number earlier) and `tone` (good, warn, bad).
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from core.rows import Rows
from dashboard.widgets.drawing import joined, tag
from dashboard.widgets.frame import Frame, wanting
from dashboard.widgets.words import formatted, number

COLUMNS = ("big",)
TONES = ("good", "warn", "bad")


def draw(rows: Rows, frame: Frame) -> Markup:
    """Several rows are several numbers side by side."""
    wanting(rows, *COLUMNS)
    return tag("div", joined(_one(record, frame) for record in rows.records()), class_="bigs")


def _one(record: dict[str, Any], frame: Frame) -> Markup:
    href = frame.href(record) if frame.link else ""
    shown = formatted(record["big"], frame.unit)
    tone = record.get("tone") if record.get("tone") in TONES else None
    value = tag("strong", tag("a", shown, href=href) if href else shown, class_=f"big {tone or ''}".strip())
    label = tag("span", record["label"], class_="label") if record.get("label") else ""
    return tag("p", joined((value, _delta(record), label)), class_="one")


def _delta(record: dict[str, Any]) -> Markup | str:
    """How much more or less than before. Neither is good or bad by itself, so it has no colour."""
    now, before = record.get("big"), record.get("before")
    if not isinstance(now, int | float) or not isinstance(before, int | float):
        return ""
    change = now - before
    if not change:
        return tag("span", "as before", class_="delta")
    sign = "▲" if change > 0 else "▼"
    share = f" ({number(round(100 * abs(change) / abs(before)))} %)" if before else ""
    told_change = f"{sign} {number(round(abs(change), 2))}{share}"
    spoken = f"{'more' if change > 0 else 'less'} than before"
    return tag("span", joined((told_change, tag("span", spoken, class_="spoken"))), class_="delta")

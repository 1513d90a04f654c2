"""Status lamps: one line for each check, good or bad.

Columns: `lamp` (its name), `state` (ok, warn, bad, off), and if wanted `detail`.
The state is told by shape and word, never by colour alone.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from core.rows import Rows
from dashboard.widgets.drawing import joined, tag
from dashboard.widgets.frame import Frame, Unfit, wanting
from dashboard.widgets.table import cell
from dashboard.widgets.words import formatted

COLUMNS = ("lamp", "state")
SIGNS = {"ok": ("✓", "well"), "warn": ("!", "look"), "bad": ("✕", "bad"), "off": ("–", "off")}


def draw(rows: Rows, frame: Frame) -> Markup:
    wanting(rows, *COLUMNS)
    return tag("ul", joined(_one(record, frame) for record in rows.records()), class_="lamps")


def _one(record: dict[str, Any], frame: Frame) -> Markup:
    state = record["state"]
    if state not in SIGNS:
        raise Unfit(f"a lamp is {', '.join(SIGNS)}; not {str(state)[:40]!r}")
    sign, spoken = SIGNS[state]
    href = frame.href(record) if frame.link else ""
    name = formatted(record["lamp"])
    return tag(
        "li",
        joined(
            (
                tag("span", sign, class_=f"bulb {state}", role="img", aria_label=spoken),
                tag("span", tag("a", name, href=href) if href else name, class_="name"),
                tag("span", cell("detail", record.get("detail"), frame), class_="detail")
                if record.get("detail") is not None
                else "",
            )
        ),
    )

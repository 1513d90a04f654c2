"""Progress bar.

Columns: `done`, `total`, and if wanted `label`. One row each.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from core.rows import Rows
from dashboard.widgets.drawing import chart, joined, percent, tag
from dashboard.widgets.frame import Frame, figure, wanting
from dashboard.widgets.words import formatted, number

COLUMNS = ("done", "total")
ROW = 40


def draw(rows: Rows, frame: Frame) -> Markup:
    wanting(rows, *COLUMNS)
    records = rows.records()
    drawn = joined(_one(record, place * ROW, frame) for place, record in enumerate(records))
    described = "; ".join(f"{r.get('label') or frame.title}: {_share(r)}" for r in records)
    return chart(frame, rows, drawn, height=ROW * len(records), described=described)


def _one(record: dict[str, Any], y: int, frame: Frame) -> Markup:
    done, total = figure(record["done"]), figure(record["total"])
    share = min(1.0, max(0.0, done / total)) if total else 0.0
    name = tag("text", record.get("label") or "", x="0", y=y + 13, class_="name")
    value = f"{formatted(done, frame.unit)} of {formatted(total, frame.unit)} · {_share(record)}"
    return joined(
        (
            name,
            tag("text", value, x="100%", y=y + 13, class_="value end"),
            tag("rect", x="0", y=y + 20, width="100%", height="12", rx="6", class_="track"),
            tag("rect", x="0", y=y + 20, width=percent(share), height="12", rx="6", class_="series s0")
            if share
            else "",
        )
    )


def _share(record: dict[str, Any]) -> str:
    total = figure(record["total"])
    return f"{number(round(100 * figure(record['done']) / total, 1))} %" if total else "nothing to do"

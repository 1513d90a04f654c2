"""Funnel: how many get from each step to the next, and how many are lost.

Columns: `funnel_step`, `funnel_value`, in the order of the steps; and if wanted `funnel_note`, why they were lost.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from core.rows import Rows
from dashboard.widgets.drawing import chart, joined, percent, tag
from dashboard.widgets.frame import Frame, figure, wanting
from dashboard.widgets.words import formatted, number

COLUMNS = ("funnel_step", "funnel_value")
ROW = 56


def draw(rows: Rows, frame: Frame) -> Markup:
    wanting(rows, *COLUMNS)
    records = rows.records()
    values = [figure(record["funnel_value"]) for record in records]
    most = max(0.0, *values) or 1.0
    drawn = joined(
        _step(record, values[n], values[n - 1] if n else None, most, n * ROW, frame) for n, record in enumerate(records)
    )
    return chart(frame, rows, drawn, height=ROW * len(records), described=_described(records, values, frame))


def _step(record: dict[str, Any], value: float, before: float | None, most: float, y: int, frame: Frame) -> Markup:
    href = frame.href(record) if frame.link else ""
    name = tag("text", record["funnel_step"], x="0", y=y + 14, class_="name")
    lost = _lost(value, before)
    note = " · ".join(part for part in (lost, str(record.get("funnel_note") or "")) if part)
    return joined(
        (
            tag("a", name, href=href) if href else name,
            tag(
                "text",
                f"{formatted(value, frame.unit)} · {_share(value, most)}",
                x="100%",
                y=y + 14,
                class_="value end",
            ),
            tag("rect", x="0", y=y + 20, width="100%", height="14", rx="3", class_="track"),
            tag("rect", x="0", y=y + 20, width=percent(value / most), height="14", rx="3", class_="series s0")
            if value > 0
            else "",
            tag("text", note, x="0", y=y + 47, class_="note") if note else "",
        )
    )


def _lost(value: float, before: float | None) -> str:
    if before is None or value >= before:
        return ""
    share = f" ({_share(before - value, before)})" if before > 0 else ""
    return f"−{number(before - value)}{share}"


def _share(value: float, whole: float) -> str:
    return f"{number(round(100 * value / whole))} %"


def _described(records: list[dict[str, Any]], values: list[float], frame: Frame) -> str:
    steps = ", ".join(f"{r['funnel_step']} {formatted(v, frame.unit)}" for r, v in zip(records, values, strict=True))
    return f"From step to step: {steps}."
